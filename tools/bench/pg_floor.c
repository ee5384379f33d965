// The floor under `bill --issue` on PostgreSQL: the same rows into the same tables and indexes, one INSERT … SELECT FROM unnest
// for each table and transaction, its arrays in binary, on one connection.
//   cc -O2 -I"$(pg_config --includedir)" -o pg_floor pg_floor.c -lpq
//   pg_floor URL GROUPS_PER_TRANSACTION DUMP_FOLDER TABLE,TABLE,… SCHEMA.sql…
// Prints {"rows":…,"transactions":…,"client_cpu_seconds":…,"server_cpu_seconds":…,"cpu_seconds":…}. The server's share is what its
// process for this connection used (utime + stime of /proc/PID/stat, by pg_backend_pid), so the server must run on this machine;
// its checkpointer and log writer are left out.
#define _GNU_SOURCE
#include "floor_rows.h"
#include <endian.h>
#include <libpq-fe.h>
#include <unistd.h>

static PGconn *server;

static PGresult *checked(PGresult *result, const char *what) {
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) stop(what, PQerrorMessage(server));
    return result;
}

static void run(const char *sql) { PQclear(checked(PQexec(server, sql), "postgres")); }

static double server_seconds(const char *pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    FILE *file = fopen(path, "r");
    char text[4096] = "";
    if (!file || !fgets(text, sizeof text, file)) stop(path, "cannot be read: is the server on this machine?");
    fclose(file);
    // The name in brackets may hold blanks; after it come the state and ten numbers, then utime and stime.
    unsigned long user = 0, system = 0;
    char *rest = strrchr(text, ')');
    if (!rest || sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2)
        stop(path, "is not understood");
    return (double)(user + system) / sysconf(_SC_CLK_TCK);
}

static const char *array_type(char type) { return type == 'i' ? "bigint" : type == 'b' ? "bytea" : "text"; }

static void prepare(const Table *table) {
    char sql[16384];
    int length = snprintf(sql, sizeof sql, "INSERT INTO %s (%s) SELECT * FROM unnest(", table->name, table->columns);
    for (int i = 0; i < table->width; i++)
        length += snprintf(sql + length, sizeof sql - length, "%s$%d::%s[]", i ? ", " : "", i + 1,
                           array_type(table->types[i]));
    snprintf(sql + length, sizeof sql - length, ")");
    PQclear(checked(PQprepare(server, table->name, sql, 0, NULL), table->name));
}

static char *put(char *out, unsigned value) {
    unsigned big = htobe32(value);
    memcpy(out, &big, 4);
    return out + 4;
}

// One column as PostgreSQL sends arrays in binary: dimensions, NULLs, element type, size, lower bound, elements.
static char *put_array(char *out, const Table *table, int column) {
    char type = table->types[column];
    out = put(out, 1);
    out = put(out, 1);
    out = put(out, type == 'i' ? 20 : type == 'b' ? 17 : 25);
    out = put(out, (unsigned)table->rows);
    out = put(out, 1);
    for (size_t row = 0; row < table->rows; row++) {
        const Cell *cell = &table->cells[row * table->width + column];
        if (cell->kind == 'n') {
            out = put(out, (unsigned)-1);
        } else if (cell->kind == 'i') {
            unsigned long long big = htobe64((unsigned long long)cell->number);
            out = put(out, 8);
            memcpy(out, &big, 8);
            out += 8;
        } else {
            out = put(out, (unsigned)cell->length);
            memcpy(out, table->text + cell->at, cell->length);
            out += cell->length;
        }
    }
    return out;
}

static void insert_rows(const Table *table) {
    static char *buffer;
    static size_t room;
    size_t need = table->text_used + table->rows * table->width * 12 + table->width * 20;
    if (table->rows == 0) return;
    if (need > room) buffer = realloc(buffer, room = need * 2);
    const char *values[MOST_COLUMNS];
    int lengths[MOST_COLUMNS], formats[MOST_COLUMNS];
    char *out = buffer;
    for (int i = 0; i < table->width; i++) {
        values[i] = out;
        out = put_array(out, table, i);
        lengths[i] = (int)(out - values[i]);
        formats[i] = 1;
    }
    PQclear(checked(PQexecPrepared(server, table->name, table->width, values, lengths, formats, 0), table->name));
}

int main(int count, char **words) {
    if (count < 5) stop(words[0], "URL GROUPS_PER_TRANSACTION DUMP_FOLDER TABLE,TABLE,... SCHEMA.sql...");
    long long groups = atoll(words[2]);
    if (groups < 1) stop(words[2], "at least one group a transaction");
    server = PQconnectdb(words[1]);
    if (PQstatus(server) != CONNECTION_OK) stop(words[1], PQerrorMessage(server));
    run("SET client_encoding = 'UTF8'; SET client_min_messages = warning; SET synchronous_commit = on; SET jit = off");
    for (int i = 5; i < count; i++) run(file_text(words[i]));
    PGresult *answer = checked(PQexec(server, "SELECT pg_backend_pid()"), "pg_backend_pid");
    char *pid = strdup(PQgetvalue(answer, 0, 0));
    PQclear(answer);

    Table *tables;
    int width = open_tables(&tables, words[3], words[4]);
    for (int i = 0; i < width; i++) prepare(&tables[i]);
    size_t rows = 0, transactions = 0;
    double client = 0, before = server_seconds(pid);
    for (long long end; (end = next_end(tables, width, groups)) >= 0; transactions++) {
        for (int i = 0; i < width; i++) load_rows(&tables[i], end);
        double begun = cpu_seconds();
        run("BEGIN");
        for (int i = 0; i < width; i++) insert_rows(&tables[i]);
        run("COMMIT");
        client += cpu_seconds() - begun;
        for (int i = 0; i < width; i++) rows += tables[i].rows;
    }
    double spent = server_seconds(pid) - before;
    printf("{\"rows\":%zu,\"transactions\":%zu,\"client_cpu_seconds\":%.3f,\"server_cpu_seconds\":%.2f,\"cpu_seconds\":%.2f}\n",
           rows, transactions, client, spent, client + spent);
    PQfinish(server);
    return 0;
}
