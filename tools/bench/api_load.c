// A closed-loop load: so many clients, each with a connection that stays open, each sends its next request when the last is answered.
//   api_load PORT TOKEN CLIENTS SECONDS REQUESTS_FILE
// A line of the file is a request: KIND, METHOD, TARGET and BODY (JSON, or nothing), separated by tabs; client i takes the lines
// i, i + CLIENTS, … and stops early where they run out. Anything but status 200 is an error. Writes one JSON object: requests, errors,
// wall seconds, milliseconds (median, 99th percentile by nearest rank, slowest) of all and of each kind, and its own CPU seconds.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { most_kinds = 32, most_answer = 1 << 22 };

struct request { int kind; const char *method, *target, *body; };
struct answer { int kind; double milliseconds; };
struct client { pthread_t thread; int number; struct answer *answers; long count, errors; double ended; };

static struct request *requests;
static long count_of_requests;
static const char *kinds[most_kinds];
static int count_of_kinds, port, clients;
static const char *token;
static double begun, seconds;
static atomic_int shown;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static int connected(void) {
    int connection = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(connection, (struct sockaddr *)&address, sizeof address) == 0) return connection;
    close(connection);
    return -1;
}

static int sent(int connection, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t part = send(connection, bytes, length, MSG_NOSIGNAL);
        if (part <= 0) return 0;
        bytes += part;
        length -= part;
    }
    return 1;
}

// The status of the answer, of which head and body stand in `buffer` afterwards; 0 where the connection broke.
static int received(int connection, char *buffer) {
    size_t have = 0, want = 0;
    for (;;) {
        if (have + 1 >= most_answer) return 0;
        ssize_t part = recv(connection, buffer + have, most_answer - 1 - have, 0);
        if (part <= 0) return 0;
        have += part;
        buffer[have] = 0;
        if (want == 0) {
            char *end = strstr(buffer, "\r\n\r\n");
            if (!end) continue;
            *end = 0;
            char *field = strcasestr(buffer, "\r\ncontent-length:");
            *end = '\r';
            if (!field) return 0;
            want = (end - buffer) + 4 + strtoul(field + 17, NULL, 10);
        }
        if (have >= want) return atoi(buffer + 9);
    }
}

static void *work(void *given) {
    struct client *client = given;
    char *buffer = malloc(most_answer), *head = malloc(8192);
    int connection = connected();
    for (long next = client->number; next < count_of_requests && now() - begun < seconds; next += clients) {
        struct request *request = &requests[next];
        size_t length = strlen(request->body);
        int size = snprintf(head, 8192,
            "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\nAccept: application/json\r\n", request->method,
            request->target, port, token);
        if (length > 0)
            size += snprintf(head + size, 8192 - size, "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", length,
                request->body);
        else
            size += snprintf(head + size, 8192 - size, "\r\n");
        double start = now();
        int status = connection >= 0 && size < 8192 && sent(connection, head, size) ? received(connection, buffer) : 0;
        client->answers[client->count++] = (struct answer){request->kind, (now() - start) * 1000};
        if (status == 200) continue;
        client->errors++;
        if (atomic_fetch_add(&shown, 1) < 5)
            fprintf(stderr, "%s %s %s: %d\n%.600s\n", request->method, request->target, request->body, status, status ? buffer : "");
        if (status != 0) continue;
        if (connection >= 0) close(connection);
        connection = connected();
    }
    client->ended = now();
    if (connection >= 0) close(connection);
    free(buffer);
    free(head);
    return NULL;
}

static void read_requests(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) exit(69);
    char *line = NULL;
    size_t room = 0, places = 0;
    while (getline(&line, &room, file) > 0) {
        line[strcspn(line, "\n")] = 0;
        char *rest = strdup(line), *kind = strsep(&rest, "\t");
        struct request made = {.method = strsep(&rest, "\t"), .target = strsep(&rest, "\t"), .body = rest ? rest : ""};
        if (!made.target) exit(65);
        for (made.kind = 0; made.kind < count_of_kinds && strcmp(kinds[made.kind], kind) != 0; made.kind++) {}
        if (made.kind == count_of_kinds) {
            if (count_of_kinds == most_kinds) exit(65);
            kinds[count_of_kinds++] = kind;
        }
        if ((size_t)count_of_requests == places) requests = realloc(requests, (places = places * 2 + 1024) * sizeof *requests);
        requests[count_of_requests++] = made;
    }
    free(line);
    fclose(file);
}

static int by_time(const void *one, const void *other) {
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

// Of the answers of one kind, or of all where it is -1.
static void tell(struct client *all, int kind, double *times) {
    long count = 0;
    for (int number = 0; number < clients; number++)
        for (long place = 0; place < all[number].count; place++)
            if (kind < 0 || all[number].answers[place].kind == kind) times[count++] = all[number].answers[place].milliseconds;
    qsort(times, count, sizeof *times, by_time);
    printf("{\"requests\":%ld,\"p50\":%.3f,\"p99\":%.3f,\"slowest\":%.3f}", count, count ? times[(count + 1) / 2 - 1] : 0,
        count ? times[(count * 99 + 99) / 100 - 1] : 0, count ? times[count - 1] : 0);
}

int main(int words, char **word) {
    if (words != 6) return 64;
    port = atoi(word[1]);
    token = word[2];
    clients = atoi(word[3]);
    seconds = atof(word[4]);
    read_requests(word[5]);
    struct client *all = calloc(clients, sizeof *all);
    begun = now();
    for (int number = 0; number < clients; number++) {
        all[number].number = number;
        all[number].answers = malloc((count_of_requests / clients + 1) * sizeof(struct answer));
        if (pthread_create(&all[number].thread, NULL, work, &all[number])) return 69;
    }
    double ended = begun;
    long errors = 0;
    for (int number = 0; number < clients; number++) {
        pthread_join(all[number].thread, NULL);
        if (all[number].ended > ended) ended = all[number].ended;
        errors += all[number].errors;
    }
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    double cpu = used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    double *times = malloc((count_of_requests + 1) * sizeof *times);
    printf("{\"seconds\":%.3f,\"errors\":%ld,\"cpu\":%.3f,\"all\":", ended - begun, errors, cpu);
    tell(all, -1, times);
    printf(",\"kinds\":{");
    for (int kind = 0; kind < count_of_kinds; kind++) {
        printf("%s\"%s\":", kind ? "," : "", kinds[kind]);
        tell(all, kind, times);
    }
    printf("}}\n");
    return 0;
}
