"""placeholder"""


def main(channel, arguments):
    channel.stage("x")
    channel.fact("memory.total_bytes", 5, "test")
