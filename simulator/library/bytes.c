#include "bytes.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void reserve(Bytes *bytes, size_t more) {
	if (bytes->failed || bytes->len + more < bytes->size) return;
	size_t size = (bytes->len + more + 1) * 2;
	char *data = realloc(bytes->data, size);
	if (data == NULL) {
		bytes->failed = 1;
		return;
	}
	bytes->data = data;
	bytes->size = size;
}

void add(Bytes *bytes, const char *data, size_t len) {
	reserve(bytes, len);
	if (bytes->failed) return;
	memcpy(bytes->data + bytes->len, data, len);
	bytes->len += len;
	bytes->data[bytes->len] = '\0';
}

void add_text(Bytes *bytes, const char *format, ...) {
	char text[512];
	va_list values;
	va_start(values, format);
	int len = vsnprintf(text, sizeof text, format, values);
	va_end(values);
	if (len < 0 || (size_t)len >= sizeof text) bytes->failed = 1;
	else add(bytes, text, (size_t)len);
}

void add_string(Bytes *bytes, const char *text) {
	add(bytes, "\"", 1);
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\' || c < 0x20) add_text(bytes, "\\u%04x", c);
		else add(bytes, text, 1);
	}
	add(bytes, "\"", 1);
}

char *copy_of(const char *data, size_t len) {
	char *copy = malloc(len + 1);
	if (copy == NULL) return NULL;
	memcpy(copy, data, len);
	copy[len] = '\0';
	return copy;
}

static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void add_base64(Bytes *bytes, const char *text) {
	size_t len = strlen(text);
	for (size_t i = 0; i < len; i += 3) {
		uint32_t three = 0;
		for (size_t j = i; j < i + 3; j++) three = three << 8 | (j < len ? (unsigned char)text[j] : 0);
		for (size_t j = 0; j < 4; j++) {
			add(bytes, i + j > len ? "=" : &DIGITS[three >> (18 - 6 * j) & 63], 1);
		}
	}
}

int read_base64(const char *text, Bytes *bytes) {
	size_t len = strlen(text);
	while (len > 0 && text[len - 1] == '=') len--;
	uint32_t buffer = 0;
	int bits = 0;
	for (size_t i = 0; i < len; i++) {
		const char *digit = strchr(DIGITS, text[i]);
		if (digit == NULL) return 0;
		buffer = buffer << 6 | (uint32_t)(digit - DIGITS);
		bits += 6;
		if (bits < 8) continue;
		bits -= 8;
		char byte = (char)(buffer >> bits & 255);
		add(bytes, &byte, 1);
	}
	return 1;
}
