/* A libnvidia-ml.so.1 that has what nvidia-ml-py calls, and tells of the machine in a file. OLD_LIBRARY: one of the 418 branch. */
#include "machine.h"

typedef struct entity *device;
typedef unsigned int number;
typedef unsigned long long wide;

struct pci { char legacy[16]; number domain, bus, device, id, subsystem; char address[32]; };
struct memory { wide total, free, used; };
struct memory_v2 { number version; wide total, reserved, free, used; };
struct process { number pid; wide memory; number instance, compute_instance; };
struct fabric { unsigned char cluster[16]; number status, clique; unsigned char state; };
struct fabric_v { number version; unsigned char cluster[16]; number status, clique; unsigned char state; number health; };
struct temperature { number version, sensor; int degrees; };

#define FAULT(entity)                                                                                                                      \
    do {                                                                                                                                   \
        int code = fault(entity, __func__);                                                                                                \
        if (code != SUCCESS)                                                                                                               \
            return code;                                                                                                                   \
    } while (0)

static int text(const struct entity *entity, const char *key, char *to, number size) {
    const char *value = value_of(entity, key);
    if (!value)
        return NOT_SUPPORTED;
    if (strlen(value) >= size)
        return INSUFFICIENT_SIZE;
    strcpy(to, value);
    return SUCCESS;
}

static int numbers(const struct entity *entity, const char *key, int wanted, wide *to) {
    const char *value = value_of(entity, key);
    char *end;
    for (int place = 0; place < wanted; place++) {
        if (!value || !*value)
            return NOT_SUPPORTED;
        to[place] = strtoull(value, &end, 0);
        value = end + (*end == ' ');
    }
    return SUCCESS;
}

/* A function that tells one number, or two, of a card. */
#define TELLS_ONE(function, key, type)                                                                                                     \
    int function(device card, type *to) {                                                                                                  \
        wide read = 0;                                                                                                                     \
        FAULT(card);                                                                                                                       \
        int code = numbers(card, key, 1, &read);                                                                                           \
        *to = (type)read;                                                                                                                  \
        return code;                                                                                                                       \
    }
#define TELLS_TWO(function, key)                                                                                                           \
    int function(device card, number *one, number *other) {                                                                                \
        wide read[2] = {0, 0};                                                                                                             \
        FAULT(card);                                                                                                                       \
        int code = numbers(card, key, 2, read);                                                                                            \
        *one = (number)read[0];                                                                                                            \
        *other = (number)read[1];                                                                                                          \
        return code;                                                                                                                       \
    }

int nvmlInitWithFlags(number flags) {
    (void)flags;
    read_machine();
    int code = fault(&the_machine, "nvmlInit");
    return code;
}

int nvmlShutdown(void) { return SUCCESS; }

const char *nvmlErrorString(int code) {
    switch (code) {
    case 17: return "GPU access blocked by the operating system";
    case 18: return "Driver/library version mismatch";
    case 26: return "Requested functionality has been deprecated";
    default: return "An error of the fake library";
    }
}

int nvmlSystemGetDriverVersion(char *to, number size) { FAULT(&the_machine); return text(&the_machine, "driver", to, size); }
int nvmlSystemGetNVMLVersion(char *to, number size) { FAULT(&the_machine); return text(&the_machine, "nvml", to, size); }

int nvmlSystemGetCudaDriverVersion(int *to) {
    wide read = 0;
    FAULT(&the_machine);
    int code = numbers(&the_machine, "cuda", 1, &read);
    *to = (int)read;
    return code;
}

int nvmlSystemGetProcessName(number pid, char *to, number size) {
    char wanted[16];
    FAULT(&the_machine);
    snprintf(wanted, sizeof wanted, " %u ", pid);
    for (int gpu = 0; gpu < gpu_count; gpu++)
        for (int n = 0; nth(&gpus[gpu], "process", n); n++) {
            char kind[16], name[200] = "";
            unsigned found;
            char memory[32];
            sscanf(nth(&gpus[gpu], "process", n), "%15s %u %31s %199[^\n]", kind, &found, memory, name);
            if (found == pid && *name) {
                snprintf(to, size, "%s", name);
                return SUCCESS;
            }
        }
    return NOT_FOUND;
}

int nvmlDeviceGetCount_v2(number *to) {
    const char *counted = value_of(&the_machine, "count");
    FAULT(&the_machine);
    *to = counted ? (number)strtoul(counted, NULL, 0) : (number)gpu_count;
    return SUCCESS;
}

int nvmlDeviceGetHandleByIndex_v2(number index, device *to) {
    if (index >= (number)gpu_count)
        return 2;
    int code = fault(&gpus[index], "nvmlDeviceGetHandleByIndex");
    *to = &gpus[index];
    return code;
}

int nvmlDeviceGetName(device card, char *to, number size) { FAULT(card); return text(card, "name", to, size); }
int nvmlDeviceGetUUID(device card, char *to, number size) { FAULT(card); return text(card, "uuid", to, size); }

int nvmlDeviceGetPciInfo_v3(device card, struct pci *to) {
    wide id = 0;
    FAULT(card);
    memset(to, 0, sizeof *to);
    numbers(card, "pci_id", 1, &id);
    to->id = (number)id;
    return text(card, "pci", to->address, sizeof to->address);
}

/* total used free reserved; the first version counts what is reserved as used */
int nvmlDeviceGetMemoryInfo(device card, struct memory *to) {
    wide read[4] = {0, 0, 0, 0};
    FAULT(card);
    int code = numbers(card, "memory", 4, read);
    *to = (struct memory){read[0], read[2], read[1] + read[3]};
    return code;
}

TELLS_TWO(nvmlDeviceGetCudaComputeCapability, "capability")
TELLS_TWO(nvmlDeviceGetEccMode, "ecc")
TELLS_ONE(nvmlDeviceGetPersistenceMode, "persistence", number)
TELLS_ONE(nvmlDeviceGetComputeMode, "compute_mode", number)
TELLS_ONE(nvmlDeviceGetVirtualizationMode, "virtualization", wide)
TELLS_ONE(nvmlDeviceGetPowerUsage, "power", number)
TELLS_ONE(nvmlDeviceGetEnforcedPowerLimit, "power_limit", number)
TELLS_ONE(nvmlDeviceGetCurrentClocksThrottleReasons, "clock_reasons", wide)
TELLS_ONE(nvmlDeviceGetRetiredPagesPendingStatus, "retirement_pending", number)

int nvmlDeviceGetTemperature(device card, number sensor, number *to) {
    wide read = 0;
    FAULT(card);
    int code = sensor ? 2 : numbers(card, "temperature", 1, &read);
    *to = (number)read;
    return code;
}

int nvmlDeviceGetTemperatureThreshold(device card, number which, number *to) {
    wide read = 0;
    FAULT(card);
    int code = which == 1 ? numbers(card, "slowdown", 1, &read) : NOT_SUPPORTED;
    *to = (number)read;
    return code;
}

int nvmlDeviceGetTotalEccErrors(device card, number kind, number counter, wide *to) {
    FAULT(card);
    return kind == 1 && counter == 0 ? numbers(card, "ecc_errors", 1, to) : NOT_SUPPORTED;
}

int nvmlDeviceGetRetiredPages(device card, number cause, number *count, wide *pages) {
    wide retired[2];
    FAULT(card);
    int code = numbers(card, "retired", 2, retired); /* by several single-bit errors, by a double-bit one */
    if (code != SUCCESS)
        return code;
    number room = *count;
    *count = (number)retired[cause];
    if (!pages || room < *count)
        return *count ? INSUFFICIENT_SIZE : SUCCESS;
    for (number page = 0; page < *count; page++)
        pages[page] = page << 12;
    return SUCCESS;
}

static int processes(device card, const char *kind, number *count, struct process *to) {
    number room = *count, found = 0;
    if (value_of(card, "processes") && !strcmp(value_of(card, "processes"), "unsupported"))
        return NOT_SUPPORTED;
    for (int n = 0; nth(card, "process", n); n++) {
        char doing[16], memory[32];
        unsigned pid;
        sscanf(nth(card, "process", n), "%15s %u %31s", doing, &pid, memory);
        if (strcmp(doing, kind))
            continue;
        if (to && found < room)
            to[found] = (struct process){pid, strcmp(memory, "N/A") ? strtoull(memory, NULL, 0) : ~0ULL, ~0U, ~0U};
        found++;
    }
    *count = found;
    return found > room || (found && !to) ? INSUFFICIENT_SIZE : SUCCESS;
}

int nvmlDeviceGetComputeRunningProcesses_v2(device card, number *count, struct process *to) {
    FAULT(card);
    return processes(card, "compute", count, to);
}

int nvmlDeviceGetGraphicsRunningProcesses_v2(device card, number *count, struct process *to) {
    FAULT(card);
    return processes(card, "graphics", count, to);
}

#ifndef OLD_LIBRARY
static struct entity parts[MOST_GPUS][8];

int nvmlSystemGetCudaDriverVersion_v2(int *to) {
    FAULT(&the_machine);
    return nvmlSystemGetCudaDriverVersion(to);
}

int nvmlDeviceGetMemoryInfo_v2(device card, struct memory_v2 *to) {
    wide read[4] = {0, 0, 0, 0};
    FAULT(card);
    if (to->version != 0x02000028)
        return 25;
    int code = numbers(card, "memory", 4, read);
    *to = (struct memory_v2){to->version, read[0], read[3], read[2], read[1]};
    return code;
}

TELLS_ONE(nvmlDeviceGetArchitecture, "architecture", number)
TELLS_ONE(nvmlDeviceGetCurrentClocksEventReasons, "clock_reasons", wide)
TELLS_TWO(nvmlDeviceGetMigMode, "mig_mode")

int nvmlDeviceGetTemperatureV(device card, struct temperature *to) {
    number degrees = 0;
    FAULT(card);
    int code = nvmlDeviceGetTemperature(card, to->sensor, &degrees);
    to->degrees = (int)degrees;
    return code;
}

int nvmlDeviceGetRemappedRows(device card, number *corrected, number *uncorrected, number *pending, number *failed) {
    wide read[4] = {0, 0, 0, 0};
    FAULT(card);
    int code = numbers(card, "remapped", 4, read);
    *corrected = (number)read[0], *uncorrected = (number)read[1], *pending = (number)read[2], *failed = (number)read[3];
    return code;
}

int nvmlDeviceGetComputeRunningProcesses_v3(device card, number *count, struct process *to) {
    FAULT(card);
    return processes(card, "compute", count, to);
}

int nvmlDeviceGetGraphicsRunningProcesses_v3(device card, number *count, struct process *to) {
    FAULT(card);
    return processes(card, "graphics", count, to);
}

int nvmlDeviceGetGpuFabricInfo(device card, struct fabric *to) {
    wide read = 0;
    FAULT(card);
    int code = numbers(card, "fabric", 1, &read);
    to->state = (unsigned char)read;
    return code;
}

int nvmlDeviceGetGpuFabricInfoV(device card, struct fabric_v *to) {
    wide read = 0;
    FAULT(card);
    if (to->version != 0x02000024)
        return 25;
    int code = numbers(card, "fabric", 1, &read);
    to->state = (unsigned char)read;
    return code;
}

int nvmlDeviceGetMaxMigDeviceCount(device card, number *to) {
    FAULT(card);
    *to = 7;
    return SUCCESS;
}

int nvmlDeviceGetMigDeviceHandleByIndex(device card, number index, device *to) {
    FAULT(card);
    const char *told = nth(card, "mig", (int)index);
    if (!told)
        return NOT_FOUND;
    char uuid[100], name[100], memory[100];
    struct entity *part = &parts[card - gpus][index];
    if (sscanf(told, "%99[^|]|%99[^|]|%99[^\n]", uuid, name, memory) != 3)
        return 999;
    memset(part, 0, sizeof *part);
    part->parent = card;
    note(part, "uuid", uuid);
    note(part, "name", name);
    snprintf(name, sizeof name, "%s 0 %s 0", memory, memory);
    note(part, "memory", name);
    *to = part;
    return SUCCESS;
}
#endif
