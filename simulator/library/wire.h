/* The way to the simulator, as real builds have theirs to WeCom. */
#ifndef WIRE_H
#define WIRE_H

#include "bytes.h"

enum { OK = 0, PARAMETERS = 10000, NETWORK = 10001, PARSE = 10002, SYSTEM = 10003, DECRYPT = 10008 };

typedef struct {
	const char *proxy;  /* http://host:port; NULL or "": that of the environment, or none */
	const char *passwd; /* user:password of the proxy */
	int timeout;        /* seconds; none when not above 0 */
} Way;

typedef struct {
	Bytes bytes;
	size_t head; /* bytes of the headers; the body is behind them */
} Answer;

/*
 * Asks the simulator what WeCom would be asked. The address is in a file beside this library, named as it
 * is with .address behind it: "127.0.0.1 PORT". Without one there is no network.
 *
 * Returns what the simulator says the function returns, or NETWORK, PARSE, SYSTEM. The caller frees the
 * answer's bytes, whatever is returned.
 */
int ask(const char *function, const Bytes *body, Way way, Answer *answer);

/* Copies the value of a header; "" where it is not there. */
void header_of(const char *head, const char *name, char *value, size_t size);

/* Ends the process in one of the ways of a crashing library; any other text does nothing. */
void end_process(const char *how);

#endif
