// Swift cannot call C functions with a variable number of arguments; these name the few shapes of them that Mail and Outbound use.
#ifndef DULY_CCURL_SHIM_H
#define DULY_CCURL_SHIM_H

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

typedef size_t (*duly_curl_read)(char *buffer, size_t size, size_t count, void *context);
typedef size_t (*duly_curl_write)(char *buffer, size_t size, size_t count, void *context);
typedef int (*duly_curl_debug)(CURL *handle, curl_infotype type, char *data, size_t size, void *context);
typedef int (*duly_curl_progress)(
    void *context, curl_off_t total_down, curl_off_t down, curl_off_t total_up, curl_off_t up);

static inline CURLcode duly_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode duly_curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode duly_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode duly_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode duly_curl_set_read(CURL *handle, duly_curl_read function, void *context) {
    curl_easy_setopt(handle, CURLOPT_READDATA, context);
    return curl_easy_setopt(handle, CURLOPT_READFUNCTION, function);
}
static inline CURLcode duly_curl_set_write(CURL *handle, duly_curl_write function, void *context) {
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
    return curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, function);
}
static inline CURLcode duly_curl_set_debug(CURL *handle, duly_curl_debug function, void *context) {
    curl_easy_setopt(handle, CURLOPT_DEBUGDATA, context);
    curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, function);
    return curl_easy_setopt(handle, CURLOPT_VERBOSE, 1L);
}
static inline CURLcode duly_curl_set_progress(CURL *handle, duly_curl_progress function, void *context) {
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, context);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, function);
    return curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
}
static inline CURLcode duly_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

// With CURLOPT_NOSIGNAL (needed with threads) libcurl leaves SIGPIPE to its caller. It is held back on this thread alone while
// libcurl works, so that a server that goes away never ends the process, and the rest of the process keeps its own manners.
static inline int duly_hold_sigpipe(sigset_t *before) {
    sigset_t pipe, pending;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &pipe, before);
    return sigismember(&pending, SIGPIPE);
}
static inline void duly_release_sigpipe(const sigset_t *before, int was_pending) {
    sigset_t pipe;
    struct timespec none = {0, 0};
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    if (!was_pending) {
        while (sigtimedwait(&pipe, NULL, &none) > 0) {}
    }
    pthread_sigmask(SIG_SETMASK, before, NULL);
}
static inline CURLcode duly_curl_perform(CURL *handle) {
    sigset_t before;
    int was_pending = duly_hold_sigpipe(&before);
    CURLcode code = curl_easy_perform(handle);
    duly_release_sigpipe(&before, was_pending);
    return code;
}
static inline void duly_curl_cleanup(CURL *handle) {
    sigset_t before;
    int was_pending = duly_hold_sigpipe(&before);
    curl_easy_cleanup(handle);
    duly_release_sigpipe(&before, was_pending);
}

#endif
