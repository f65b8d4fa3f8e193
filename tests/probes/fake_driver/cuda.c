/* A libcuda.so.1 that tells of the machine in a file, and has CUDA_VISIBLE_DEVICES hide cards as CUDA does. STUB: that of the toolkit. */
#include "machine.h"

#define STUB_LIBRARY 34
#define NO_DEVICE 100
#define INVALID_DEVICE 101

static struct entity *visible[MOST_GPUS];
static int visible_count;

static struct entity *named(const char *word) {
    char *end;
    long index = strtol(word, &end, 10);
    if (end != word) /* "1gpu2" is 1 */
        return index >= 0 && index < gpu_count ? &gpus[index] : NULL;
    for (int gpu = 0; *word && gpu < gpu_count; gpu++)
        if (value_of(&gpus[gpu], "uuid") && !strncmp(value_of(&gpus[gpu], "uuid"), word, strlen(word)))
            return &gpus[gpu];
    return NULL;
}

/* What stands behind the first word that names no card is not seen either. */
static void choose(const char *words) {
    char copy[1024];
    visible_count = 0;
    if (!words) {
        for (int gpu = 0; gpu < gpu_count; gpu++)
            visible[visible_count++] = &gpus[gpu];
        return;
    }
    snprintf(copy, sizeof copy, "%s", words);
    for (char *word = strtok(copy, ","); word; word = strtok(NULL, ",")) {
        struct entity *found = named(word);
        if (!found || visible_count == MOST_GPUS)
            return;
        visible[visible_count++] = found;
    }
}

int cuInit(unsigned flags) {
#ifdef STUB
    return STUB_LIBRARY;
#endif
    (void)flags;
    read_machine();
    int code = fault(&the_machine, "cuInit");
    if (code)
        return code;
    choose(getenv("CUDA_VISIBLE_DEVICES"));
    return visible_count ? SUCCESS : NO_DEVICE;
}

int cuGetErrorName(int code, const char **to) {
    switch (code) {
    case 34: *to = "CUDA_ERROR_STUB_LIBRARY"; break;
    case 100: *to = "CUDA_ERROR_NO_DEVICE"; break;
    case 802: *to = "CUDA_ERROR_SYSTEM_NOT_READY"; break;
    case 803: *to = "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH"; break;
    case 999: *to = "CUDA_ERROR_UNKNOWN"; break;
    default: *to = NULL; return 1;
    }
    return SUCCESS;
}

int cuGetErrorString(int code, const char **to) {
    switch (code) {
    case 34: *to = "CUDA driver is a stub library"; break;
    case 100: *to = "no CUDA-capable device is detected"; break;
    case 802: *to = "system not yet initialized"; break;
    case 803: *to = "system has unsupported display driver / cuda driver combination"; break;
    case 999: *to = "unknown error"; break;
    default: *to = NULL; return 1;
    }
    return SUCCESS;
}

int cuDriverGetVersion(int *to) {
    const char *value = value_of(&the_machine, "cuda");
    *to = value ? atoi(value) : 0;
    return fault(&the_machine, "cuDriverGetVersion");
}

int cuDeviceGetCount(int *to) {
    *to = visible_count;
    return fault(&the_machine, "cuDeviceGetCount");
}

int cuDeviceGet(int *to, int ordinal) {
    *to = ordinal;
    return ordinal < visible_count ? fault(visible[ordinal], "cuDeviceGet") : INVALID_DEVICE;
}

int cuDeviceGetName(char *to, int size, int card) {
    snprintf(to, (size_t)size, "%s", value_of(visible[card], "name"));
    return fault(visible[card], "cuDeviceGetName");
}

int cuDeviceGetUuid(unsigned char *to, int card) {
    const char *text = value_of(visible[card], "uuid");
    if (!text)
        return 801;
    text += 4; /* GPU- */
    for (int place = 0; place < 16; place++) {
        if (*text == '-')
            text++;
        to[place] = (unsigned char)hexadecimal(text);
        text += 2;
    }
    return fault(visible[card], "cuDeviceGetUuid");
}

int cuDeviceTotalMem_v2(size_t *to, int card) {
    const char *value = value_of(visible[card], "cuda_memory");
    *to = value ? (size_t)strtoull(value, NULL, 0) : 0;
    return value ? fault(visible[card], "cuDeviceTotalMem") : 801;
}

int cuDeviceGetPCIBusId(char *to, int size, int card) {
    const char *text = value_of(visible[card], "pci");
    unsigned domain, bus, device;
    if (!text || sscanf(text, "%x:%x:%x", &domain, &bus, &device) != 3)
        return 801;
    snprintf(to, (size_t)size, "%04x:%02X:%02X.0", domain, bus, device);
    return fault(visible[card], "cuDeviceGetPCIBusId");
}

int cuDeviceGetAttribute(int *to, int attribute, int card) {
    const char *capability = value_of(visible[card], "capability");
    int major = 0, minor = 0;
    int code = fault(visible[card], "cuDeviceGetAttribute");
    if (capability)
        sscanf(capability, "%d %d", &major, &minor);
    *to = attribute == 75 ? major : attribute == 76 ? minor : attribute == 18 ? value_of(visible[card], "integrated") != NULL : 0;
    return code;
}
