/* A machine as its drivers' libraries see it, read from the plain text file that FAKE_NVML_MACHINE names.
 *
 *     driver 590.48.01            facts of the machine, up to the first "gpu"
 *     error nvmlInit 18           a function answers with an error's number; "hang": it never comes back; "crash", "abort"
 *     gpu                         begins a card; what follows is its own
 *     name NVIDIA H100 80GB HBM3  \xNN is a byte
 *     mig uuid|name|bytes         a part of the card
 *     process compute 4711 1024 /usr/bin/python3
 *
 * A fact that is not there is one that the card does not support.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_LINES 64
#define MOST_GPUS 32
#define SUCCESS 0
#define NOT_SUPPORTED 3
#define NOT_FOUND 6
#define INSUFFICIENT_SIZE 7

struct entity {
    struct entity *parent; /* of a part of a card */
    int lines;
    char key[MOST_LINES][32];
    char value[MOST_LINES][256];
};

static struct entity the_machine;
static struct entity gpus[MOST_GPUS];
static int gpu_count;

static int hexadecimal(const char *digits) {
    char pair[3] = {digits[0], digits[0] ? digits[1] : 0, 0};
    return (int)strtol(pair, NULL, 16);
}

static void unescape(char *text) {
    char *to = text;
    for (char *from = text; *from; to++) {
        if (from[0] == '\\' && from[1] == 'x') {
            *to = (char)hexadecimal(from + 2);
            from += 4;
        } else {
            *to = *from++;
        }
    }
    *to = 0;
}

static void note(struct entity *entity, const char *key, const char *value) {
    if (entity->lines == MOST_LINES)
        return;
    snprintf(entity->key[entity->lines], sizeof entity->key[0], "%s", key);
    snprintf(entity->value[entity->lines], sizeof entity->value[0], "%s", value);
    unescape(entity->value[entity->lines++]);
}

static void read_machine(void) {
    char line[320];
    const char *path = getenv("FAKE_NVML_MACHINE");
    FILE *file = path ? fopen(path, "r") : NULL;
    struct entity *entity = &the_machine;
    the_machine.lines = gpu_count = 0;
    if (!file)
        return;
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        char *value = strchr(line, ' ');
        if (!strcmp(line, "gpu") && gpu_count < MOST_GPUS) {
            entity = &gpus[gpu_count++];
            memset(entity, 0, sizeof *entity);
        } else if (value && *line != '#') {
            *value++ = 0;
            note(entity, line, value);
        }
    }
    fclose(file);
}

/* The n-th value of that name, or NULL. */
static const char *nth(const struct entity *entity, const char *key, int n) {
    for (int line = 0; line < entity->lines; line++)
        if (!strcmp(entity->key[line], key) && n-- == 0)
            return entity->value[line];
    return NULL;
}

static const char *value_of(const struct entity *entity, const char *key) { return nth(entity, key, 0); }

static int act(const char *what) {
    if (!strcmp(what, "hang"))
        for (;;)
            sleep(1000);
    if (!strcmp(what, "crash"))
        raise(SIGSEGV);
    if (!strcmp(what, "abort"))
        abort();
    return atoi(what);
}

/* What a function is to answer in place of what it would: "error nvmlDeviceGetName 15". */
static int fault(const struct entity *entity, const char *function) {
    const struct entity *asked[] = {entity, entity->parent, &the_machine};
    size_t length = strlen(function);
    for (int place = 0; place < 3; place++)
        for (int n = 0; asked[place]; n++) {
            const char *text = nth(asked[place], "error", n);
            if (!text)
                break;
            if (!strncmp(text, function, length) && text[length] == ' ')
                return act(text + length + 1);
        }
    return SUCCESS;
}
