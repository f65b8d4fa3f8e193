"""What several runtimes are given to compute, each in its own format: the constants, the inputs and the truth of a small model.

product = Relu(Gemm(LEFT, WEIGHTS, BIAS))    float32, integers: whatever the order of summing, every sum is exact
windows = Conv(IMAGE, KERNELS)               float32: sums of 3×3 windows, and differences across them
doubled = MatMul(LEFT64, WEIGHTS64)          float64, in eighths: exact as well
"""

ROWS, INNER, COLUMNS, SIDE = 16, 24, 12, 10

LEFT = [[(3 * row + column) % 7 - 2 for column in range(INNER)] for row in range(ROWS)]
WEIGHTS = [[(row - 2 * column) % 5 - 2 for column in range(COLUMNS)] for row in range(INNER)]
BIAS = [column - 5 for column in range(COLUMNS)]
LEFT64 = [[value / 8 for value in row] for row in LEFT]
WEIGHTS64 = [[value / 8 for value in row] for row in WEIGHTS]
IMAGE = [[(5 * row + 3 * column) % 11 for column in range(SIDE)] for row in range(SIDE)]
KERNELS = [[[1, 1, 1]] * 3, [[-1, 0, 1]] * 3]


def product():
    """What has to come out of the first: in plain Python."""
    sums = matrix_product(LEFT, WEIGHTS)
    return [[float(max(0, value + bias)) for value, bias in zip(row, BIAS)] for row in sums]


def windows():
    """Of the second: each kernel laid on each 3×3 window, in a batch of one."""
    places = range(SIDE - 2)
    return [[[[float(_laid_on(kernel, row, column)) for column in places] for row in places] for kernel in KERNELS]]


def doubled():
    """Of the third."""
    return matrix_product(LEFT64, WEIGHTS64)


def matrix_product(left, right):
    columns = list(zip(*right))
    return [[sum(a * b for a, b in zip(row, column)) for column in columns] for row in left]


def _laid_on(kernel, row, column):
    return sum(kernel[down][across] * IMAGE[row + down][column + across] for down in range(3) for across in range(3))
