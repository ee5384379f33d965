// The floor under `bill --issue` on SQLite: the same rows into the same tables and indexes, in transactions of as many groups,
// by the C API alone, with the settings the driver uses.
//   cc -O2 -o sqlite_floor sqlite_floor.c -lsqlite3
//   sqlite_floor NEW.db GROUPS_PER_TRANSACTION DUMP_FOLDER TABLE,TABLE,… SCHEMA.sql…
// Prints {"rows":…,"transactions":…,"cpu_seconds":…}: the CPU of binding, stepping and committing (checkpoints included).
#define _GNU_SOURCE
#include "floor_rows.h"
#include <sqlite3.h>

static sqlite3 *books;

static void run(const char *sql) {
    if (sqlite3_exec(books, sql, NULL, NULL, NULL) != SQLITE_OK) stop("sqlite", sqlite3_errmsg(books));
}

static sqlite3_stmt *insert_into(const Table *table) {
    char sql[8192];
    int length = snprintf(sql, sizeof sql, "INSERT INTO %s (%s) VALUES (", table->name, table->columns);
    for (int i = 0; i < table->width; i++) length += snprintf(sql + length, sizeof sql - length, i ? ", ?" : "?");
    snprintf(sql + length, sizeof sql - length, ")");
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v3(books, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
        stop(table->name, sqlite3_errmsg(books));
    return statement;
}

static void insert_rows(const Table *table, sqlite3_stmt *statement) {
    const Cell *cell = table->cells;
    for (size_t row = 0; row < table->rows; row++) {
        for (int place = 1; place <= table->width; place++, cell++) {
            switch (cell->kind) {
            case 'n': sqlite3_bind_null(statement, place); break;
            case 'i': sqlite3_bind_int64(statement, place, cell->number); break;
            case 'b': sqlite3_bind_blob(statement, place, table->text + cell->at, cell->length, SQLITE_STATIC); break;
            default: sqlite3_bind_text(statement, place, table->text + cell->at, cell->length, SQLITE_STATIC);
            }
        }
        if (sqlite3_step(statement) != SQLITE_DONE) stop(table->name, sqlite3_errmsg(books));
        sqlite3_reset(statement);
    }
}

int main(int count, char **words) {
    if (count < 5) stop(words[0], "NEW.db GROUPS_PER_TRANSACTION DUMP_FOLDER TABLE,TABLE,... SCHEMA.sql...");
    long long groups = atoll(words[2]);
    if (groups < 1) stop(words[2], "at least one group a transaction");
    if (sqlite3_open_v2(words[1], &books, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL))
        stop(words[1], "cannot be opened");
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON;"
        "PRAGMA cache_size = -65536; PRAGMA mmap_size = 268435456; PRAGMA wal_autocheckpoint = 8192;"
        "PRAGMA temp_store = MEMORY");
    for (int i = 5; i < count; i++) run(file_text(words[i]));

    Table *tables;
    int width = open_tables(&tables, words[3], words[4]);
    sqlite3_stmt **statements = calloc(width, sizeof *statements);
    for (int i = 0; i < width; i++) statements[i] = insert_into(&tables[i]);
    size_t rows = 0, transactions = 0;
    double cpu = 0;
    for (long long end; (end = next_end(tables, width, groups)) >= 0; transactions++) {
        for (int i = 0; i < width; i++) load_rows(&tables[i], end);
        double begun = cpu_seconds();
        run("BEGIN IMMEDIATE");
        for (int i = 0; i < width; i++) insert_rows(&tables[i], statements[i]);
        run("COMMIT");
        cpu += cpu_seconds() - begun;
        for (int i = 0; i < width; i++) rows += tables[i].rows;
    }
    printf("{\"rows\":%zu,\"transactions\":%zu,\"cpu_seconds\":%.3f}\n", rows, transactions, cpu);
    return 0;
}
