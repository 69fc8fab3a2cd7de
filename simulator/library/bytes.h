/* Growing bytes, always followed by a NUL. */
#ifndef BYTES_H
#define BYTES_H

#include <stddef.h>

typedef struct {
	char *data;
	size_t len, size;
	int failed; /* memory has run out */
} Bytes;

/* Makes room for so many more. */
void reserve(Bytes *bytes, size_t more);
void add(Bytes *bytes, const char *data, size_t len);
/* As printf, 511 bytes at most. */
void add_text(Bytes *bytes, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A JSON string, quotes included. */
void add_string(Bytes *bytes, const char *text);
void add_base64(Bytes *bytes, const char *text);
/* Adds what the text stands for: whether it was base64. */
int read_base64(const char *text, Bytes *bytes);
/* A copy of its own, a NUL behind it; NULL when memory has run out. */
char *copy_of(const char *data, size_t len);

#endif
