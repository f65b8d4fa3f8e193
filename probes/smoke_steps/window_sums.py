"""A convolution and its gradients in integers: sums over 3x3 windows.

A kernel that sums directly is exact, in TF32 as well. Those by Winograd and Fourier, which libraries choose as they like, divide on the
way, and are off by some 1e-6 of the greatest result: `TOLERANCE` allows for that, and finds a result of 6 or more that is off by 1e-4.

Images are given as [image][channel][row][column], windows as [output][input][row][column]; there is no padding, and the stride is 1.
"""

TOLERANCE = {"rtol": 1e-5, "atol": 5e-4}
IMAGES, INPUTS, OUTPUTS, HEIGHT, WIDTH, SIDE = 2, 2, 3, 10, 9, 3
_OUT_HEIGHT, _OUT_WIDTH = HEIGHT - SIDE + 1, WIDTH - SIDE + 1


def images():
    """Integers from 0 to 10, another one at each of neighbouring places."""
    return _filled((IMAGES, INPUTS, HEIGHT, WIDTH), lambda n, c, y, x: (5 * n + 2 * c + 3 * y + 7 * x) % 11)


def windows():
    """Integers from -4 to 4; none is its mirror image."""
    return _filled((OUTPUTS, INPUTS, SIDE, SIDE), lambda o, c, y, x: (2 * o + 5 * c + 3 * y + x) % 9 - 4)


def pull():
    """What the outputs are weighted with before they are summed up to the one number whose gradients are asked for."""
    return _filled((IMAGES, OUTPUTS, _OUT_HEIGHT, _OUT_WIDTH), lambda n, o, y, x: (n + 2 * o + 3 * y + x) % 5 - 2)


def convolved():
    """Each output is the sum over a window, as every framework of neural networks calls it a convolution: nothing is mirrored."""
    image, window = images(), windows()

    def at(n, o, y, x):
        return sum(image[n][c][y + v][x + u] * window[o][c][v][u] for c in range(INPUTS) for v in range(SIDE) for u in range(SIDE))

    return _filled((IMAGES, OUTPUTS, _OUT_HEIGHT, _OUT_WIDTH), at)


def window_slopes():
    """The gradient towards the windows."""
    image, weight = images(), pull()

    def at(o, c, v, u):
        places = [(n, y, x) for n in range(IMAGES) for y in range(_OUT_HEIGHT) for x in range(_OUT_WIDTH)]
        return sum(weight[n][o][y][x] * image[n][c][y + v][x + u] for n, y, x in places)

    return _filled((OUTPUTS, INPUTS, SIDE, SIDE), at)


def image_slopes():
    """The gradient towards the images: every window hands its pull to the places that it covers."""
    window, weight = windows(), pull()
    slopes = _filled((IMAGES, INPUTS, HEIGHT, WIDTH), lambda *_: 0)
    for n, o, y, x in _places((IMAGES, OUTPUTS, _OUT_HEIGHT, _OUT_WIDTH)):
        for c, v, u in _places((INPUTS, SIDE, SIDE)):
            slopes[n][c][y + v][x + u] += weight[n][o][y][x] * window[o][c][v][u]
    return slopes


def channels_last(values):
    """The same with the channels as the last axis, as TensorFlow has them; of windows: [row][column][input][output], by `windows_last`."""
    return [[list(map(list, zip(*rows))) for rows in zip(*image)] for image in values]


def windows_last(values):
    """Of [output][input][row][column], TensorFlow's [row][column][input][output]."""
    return _filled((SIDE, SIDE, INPUTS, OUTPUTS), lambda v, u, c, o: values[o][c][v][u])


def _filled(shape, value_at, place=()):
    if len(place) == len(shape):
        return value_at(*place)
    return [_filled(shape, value_at, (*place, index)) for index in range(shape[len(place)])]


def _places(shape):
    from itertools import product

    return product(*map(range, shape))
