#define _GNU_SOURCE /* dladdr */
#include "wire.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

void end_process(const char *how) {
	volatile int *volatile nowhere = NULL;
	if (strcmp(how, "segv") == 0) *nowhere = 1;
	if (strcmp(how, "abort") == 0) abort();
	if (strcmp(how, "exit") == 0) exit(0);
	if (strcmp(how, "hang") == 0) {
		for (;;) pause();
	}
}

/* A deadline is in ms of the monotonic clock, -1 for none. */

static long long now_ms(void) {
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Whether the socket was ready in time. */
static int is_ready(int fd, short events, long long deadline) {
	struct pollfd one = {.fd = fd, .events = events};
	for (;;) {
		long long left = deadline < 0 ? INT_MAX : deadline - now_ms();
		if (left <= 0) return 0;
		int ready = poll(&one, 1, left > INT_MAX ? INT_MAX : (int)left);
		if (ready > 0) return 1;
		if (ready < 0 && errno != EINTR) return 0;
	}
}

/* A connected socket, or -1. Hosts are IPv4 addresses or localhost. */
static int dial(const char *host, int port, long long deadline) {
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	if (strcmp(host, "localhost") == 0) host = "127.0.0.1";
	if (port < 1 || port > 65535 || inet_pton(AF_INET, host, &to.sin_addr) != 1) return -1;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0) return -1;
	int wrong = 0;
	socklen_t size = sizeof wrong;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0) return fd;
	if (errno == EINPROGRESS && is_ready(fd, POLLOUT, deadline) &&
	    getsockopt(fd, SOL_SOCKET, SO_ERROR, &wrong, &size) == 0 && wrong == 0) {
		return fd;
	}
	close(fd);
	return -1;
}

static int send_all(int fd, const Bytes *bytes, long long deadline) {
	size_t sent = 0;
	while (sent < bytes->len) {
		if (!is_ready(fd, POLLOUT, deadline)) return 0;
		ssize_t some = send(fd, bytes->data + sent, bytes->len - sent, MSG_NOSIGNAL);
		if (some > 0) sent += (size_t)some;
		else if (errno != EAGAIN && errno != EINTR) return 0;
	}
	return 1;
}

/* Whether more came; not at the end of the stream, nor after the deadline. */
static int receive_some(int fd, Bytes *bytes, long long deadline) {
	reserve(bytes, 65536);
	while (!bytes->failed && is_ready(fd, POLLIN, deadline)) {
		ssize_t some = recv(fd, bytes->data + bytes->len, 65536, 0);
		if (some == 0) return 0;
		if (some < 0) {
			if (errno == EAGAIN || errno == EINTR) continue;
			return 0;
		}
		bytes->len += (size_t)some;
		bytes->data[bytes->len] = '\0';
		return 1;
	}
	return 0;
}

/* Reads on to the end of the headers: how many bytes they have, 0 when they do not end. */
static size_t receive_head(int fd, Bytes *bytes, long long deadline) {
	for (;;) {
		const char *end = bytes->len > 0 ? strstr(bytes->data, "\r\n\r\n") : NULL;
		if (end != NULL) return (size_t)(end - bytes->data) + 4;
		if (!receive_some(fd, bytes, deadline)) return 0;
	}
}

void header_of(const char *head, const char *name, char *value, size_t size) {
	size_t length = strlen(name);
	value[0] = '\0';
	for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line + 2, "\r\n")) {
		if (line[2] == '\r') return;
		if (strncasecmp(line + 2, name, length) != 0 || line[2 + length] != ':') continue;
		const char *text = line + 3 + length;
		text += strspn(text, " ");
		size_t len = strcspn(text, "\r");
		if (len >= size) return;
		memcpy(value, text, len);
		value[len] = '\0';
		return;
	}
}

/* Where the simulator is. */
static int find_server(char host[64], int *port) {
	Dl_info self;
	char path[PATH_MAX];
	if (dladdr((void *)(uintptr_t)find_server, &self) == 0) return 0;
	if (snprintf(path, sizeof path, "%s.address", self.dli_fname) >= (int)sizeof path) return 0;
	FILE *file = fopen(path, "re");
	if (file == NULL) return 0;
	int found = fscanf(file, "%63s %d", host, port) == 2;
	fclose(file);
	return found;
}

/* The proxy to take; real builds take the environment's where the caller names none. */
static const char *proxy_of(const char *named) {
	static const char *const VARIABLES[] = {"https_proxy", "HTTPS_PROXY", "ALL_PROXY"};
	if (named != NULL && *named != '\0') return named;
	for (size_t i = 0; i < sizeof VARIABLES / sizeof *VARIABLES; i++) {
		const char *value = getenv(VARIABLES[i]);
		if (value != NULL && *value != '\0') return value;
	}
	return NULL;
}

/* A socket that leads to the simulator through an http proxy, or -1. */
static int tunnel(const char *proxy, const char *passwd, const char *host, int port, long long deadline) {
	char proxy_host[64];
	int proxy_port, read = 0;
	if (sscanf(proxy, "http://%63[^:/@]:%d%n", proxy_host, &proxy_port, &read) != 2) return -1;
	if (strspn(proxy + read, "/") != strlen(proxy + read)) return -1;
	int fd = dial(proxy_host, proxy_port, deadline);
	if (fd < 0) return -1;
	Bytes request = {0}, answer = {0};
	add_text(&request, "CONNECT %s:%d HTTP/1.1\r\nHost: %s:%d\r\n", host, port, host, port);
	if (passwd != NULL && *passwd != '\0') {
		add_text(&request, "Proxy-Authorization: Basic ");
		add_base64(&request, passwd);
		add_text(&request, "\r\n");
	}
	add_text(&request, "\r\n");
	int status = 0;
	int open = !request.failed && send_all(fd, &request, deadline) &&
	           receive_head(fd, &answer, deadline) > 0 &&
	           sscanf(answer.data, "HTTP/%*s %d", &status) == 1 && status == 200;
	free(request.data);
	free(answer.data);
	if (open) return fd;
	close(fd);
	return -1;
}

/* Sends a request and reads its answer whole. */
static int exchange_over(int fd, const Bytes *request, Answer *answer, long long deadline) {
	char value[64];
	Bytes *bytes = &answer->bytes;
	if (!send_all(fd, request, deadline)) return NETWORK;
	answer->head = receive_head(fd, bytes, deadline);
	if (answer->head == 0) return bytes->failed ? SYSTEM : NETWORK;
	header_of(bytes->data, "content-length", value, sizeof value);
	size_t whole = answer->head + strtoull(value, NULL, 10);
	while (bytes->len < whole) {
		if (!receive_some(fd, bytes, deadline)) return bytes->failed ? SYSTEM : NETWORK;
	}
	header_of(bytes->data, "x-ends-process", value, sizeof value);
	end_process(value);
	/* What has no such header was not answered by WeCom. */
	header_of(bytes->data, "x-return-code", value, sizeof value);
	return *value == '\0' ? PARSE : atoi(value);
}

int ask(const char *function, const Bytes *body, Way way, Answer *answer) {
	char host[64];
	int port;
	if (!find_server(host, &port)) return NETWORK;
	long long deadline = way.timeout > 0 ? now_ms() + way.timeout * 1000LL : -1;
	const char *proxy = proxy_of(way.proxy);
	int fd = proxy == NULL ? dial(host, port, deadline)
	                       : tunnel(proxy, way.passwd, host, port, deadline);
	if (fd < 0) return NETWORK;
	Bytes request = {0};
	add_text(&request, "POST /cgi-bin/finance_sdk/%s HTTP/1.1\r\nHost: %s:%d\r\n", function, host, port);
	add_text(&request, "Content-Type: application/json\r\nConnection: close\r\n");
	add_text(&request, "Content-Length: %zu\r\n\r\n", body->len);
	add(&request, body->data, body->len);
	int code = request.failed ? SYSTEM : exchange_over(fd, &request, answer, deadline);
	free(request.data);
	close(fd);
	return code;
}
