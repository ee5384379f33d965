// Runs a program and writes what it used: CPU seconds (user and system), wall seconds, peak memory in KiB, exit status.
//   measure ANSWER_FILE PROGRAM WORDS…
// It is its own small process, since a process begins with the peak memory of the one it was forked from.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval time) { return time.tv_sec + time.tv_usec / 1e6; }

int main(int count, char **words) {
    if (count < 3) return 64;
    struct timespec begun, ended;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    pid_t child = fork();
    if (child < 0) return 69;
    if (child == 0) {
        execvp(words[2], words + 2);
        perror(words[2]);
        _exit(69);
    }
    int status;
    struct rusage used;
    if (wait4(child, &status, 0, &used) < 0) return 69;
    clock_gettime(CLOCK_MONOTONIC, &ended);
    FILE *answer = fopen(words[1], "w");
    if (!answer) return 69;
    fprintf(answer, "{\"cpu\":%.6f,\"wall\":%.6f,\"peak_kib\":%ld,\"status\":%d}\n",
            seconds(used.ru_utime) + seconds(used.ru_stime),
            (double)(ended.tv_sec - begun.tv_sec) + (ended.tv_nsec - begun.tv_nsec) / 1e9, used.ru_maxrss,
            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return fclose(answer) ? 69 : 0;
}
