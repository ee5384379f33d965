// Rows for the two floors of ./bench, read from a plain dump: one file NAME.tsv for each table.
//   line 1   the columns, separated by tabs; the first is `grp`, the group (invoice) the row belongs to, and is not inserted
//   line 2   a letter for each column: i integer, t text, b bytes (in hex)
//   after    the rows, as COPY writes text: \N for NULL, a backslash before \, t, n, r; sorted by grp
// Reading is not what the floors measure: a transaction's rows are laid out in memory before its clock starts.
#ifndef FLOOR_ROWS_H
#define FLOOR_ROWS_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST_COLUMNS 64

typedef struct {
    char kind;        // n NULL, i, t, b
    long long number; // of i
    size_t at;        // of t and b: where in the text
    int length;
} Cell;

typedef struct {
    char name[128];
    char columns[4096]; // without grp, separated by ", "
    char types[MOST_COLUMNS];
    int width;
    FILE *file;
    char *line;
    size_t room;
    ssize_t length;  // of the line at hand; -1 at the end
    long long group; // of the line at hand
    Cell *cells;
    size_t rows, cells_room;
    char *text;
    size_t text_used, text_room;
} Table;

static void stop(const char *what, const char *why) {
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

static double cpu_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static char *file_text(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) stop(path, "cannot be read");
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = malloc(size + 1);
    if (fread(text, 1, size, file) != (size_t)size) stop(path, "cannot be read");
    text[size] = 0;
    fclose(file);
    return text;
}

static void next_line(Table *table) {
    table->length = getline(&table->line, &table->room, table->file);
    if (table->length < 0) return;
    if (table->length && table->line[table->length - 1] == '\n') table->line[--table->length] = 0;
    table->group = atoll(table->line);
}

static void open_table(Table *table, const char *folder, const char *name) {
    char path[4096];
    memset(table, 0, sizeof *table);
    snprintf(table->name, sizeof table->name, "%s", name);
    snprintf(path, sizeof path, "%s/%s.tsv", folder, name);
    table->file = fopen(path, "r");
    if (!table->file) stop(path, "cannot be read");
    next_line(table);
    char *rest = table->length < 0 ? NULL : strchr(table->line, '\t');
    if (!rest || strncmp(table->line, "grp\t", 4)) stop(path, "the first line must begin with grp");
    for (char *column = strtok(rest + 1, "\t"); column; column = strtok(NULL, "\t")) {
        if (table->width++) strcat(table->columns, ", ");
        if (strlen(table->columns) + strlen(column) + 4 > sizeof table->columns || table->width > MOST_COLUMNS)
            stop(path, "too many columns");
        strcat(table->columns, column);
    }
    next_line(table);
    int types = -1; // the first is grp's
    for (ssize_t i = 0; i < table->length; i++) {
        if (table->line[i] == '\t') continue;
        if (types >= 0 && types < table->width) table->types[types] = table->line[i];
        types++;
    }
    if (types != table->width) stop(path, "the second line must have a letter for each column");
    next_line(table);
}

static int hex(char digit) { return digit <= '9' ? digit - '0' : (digit | 32) - 'a' + 10; }

static void add_cell(Table *table, Cell *cell, char type, const char *from, const char *to) {
    *cell = (Cell){.kind = type};
    if (to - from == 2 && from[0] == '\\' && from[1] == 'N') {
        cell->kind = 'n';
        return;
    }
    if (type == 'i') {
        cell->number = strtoll(from, NULL, 10);
        return;
    }
    cell->at = table->text_used;
    char *out = table->text + table->text_used;
    if (type == 'b') {
        while (from < to && (*from == '\\' || *from == 'x')) from++;
        for (; from + 1 < to; from += 2) *out++ = hex(from[0]) << 4 | hex(from[1]);
    } else {
        for (; from < to; from++) {
            if (*from != '\\' || from + 1 == to) {
                *out++ = *from;
                continue;
            }
            from++;
            *out++ = *from == 't' ? '\t' : *from == 'n' ? '\n' : *from == 'r' ? '\r' : *from;
        }
    }
    cell->length = (int)(out - table->text - table->text_used);
    table->text_used += cell->length;
}

// Lays out the rows of the groups below `end`.
static void load_rows(Table *table, long long end) {
    table->rows = 0;
    table->text_used = 1; // so that an empty text has an address
    while (table->length >= 0 && table->group < end) {
        if ((table->rows + 1) * table->width > table->cells_room) {
            table->cells_room = (table->rows + 1) * table->width * 2;
            table->cells = realloc(table->cells, table->cells_room * sizeof(Cell));
        }
        if (table->text_used + table->length + 1 > table->text_room) {
            table->text_room = (table->text_used + table->length + 1) * 2;
            table->text = realloc(table->text, table->text_room);
        }
        char *from = strchr(table->line, '\t');
        for (int column = 0; column < table->width; column++) {
            if (!from) stop(table->name, "a row has too few fields");
            char *to = strchr(from + 1, '\t');
            add_cell(table, &table->cells[table->rows * table->width + column], table->types[column], from + 1,
                     to ? to : table->line + table->length);
            from = to;
        }
        table->rows++;
        next_line(table);
    }
}

// The end of the next transaction's groups; groups are numbered without gaps. -1 when there are none left.
static long long next_end(Table *tables, int count, long long groups) {
    long long least = -1;
    for (int i = 0; i < count; i++)
        if (tables[i].length >= 0 && (least < 0 || tables[i].group < least)) least = tables[i].group;
    return least < 0 ? -1 : (least / groups + 1) * groups;
}

// The tables named in `list`, separated by commas, in the order in which they are inserted.
static int open_tables(Table **tables, const char *folder, const char *list) {
    char *names = strdup(list);
    int count = 0;
    *tables = NULL;
    for (char *rest = names, *name; (name = strsep(&rest, ","));) {
        *tables = realloc(*tables, (count + 1) * sizeof(Table));
        open_table(*tables + count++, folder, name);
    }
    free(names);
    return count;
}
#endif
