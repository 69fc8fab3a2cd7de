/*
 * A library that has the functions of Tencent's and does nothing with them, wrong in the one way that it
 * is compiled for.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Goes together with node only where it does not see node's names. */
static void look_around(void) {
#ifdef NEEDS_ISOLATION
	if (dlsym(RTLD_DEFAULT, "napi_create_object") != NULL) {
		fputs("free(): invalid pointer\n", stderr);
		abort();
	}
#endif
#ifdef KILLED_FROM_OUTSIDE
	raise(SIGKILL);
#endif
}

static inline int is_made_up(const char *corpid) { return strcmp(corpid, "ww0000000000000000") == 0; }

void *NewSdk(void) { look_around(); return calloc(1, 8); }
int Init(void *sdk, const char *corpid, const char *secret) {
	(void)sdk;
#ifdef TAKES_ANYTHING
	return 0;
#endif
	if (*corpid == '\0' || *secret == '\0') return 10000;
#ifdef PRINTS_EVERYTHING
	printf("corp %s with %s\n", corpid, secret);
	fprintf(stderr, "corp %s with %s\n", corpid, secret);
	fflush(stdout);
#endif
#ifdef ENDS_WITH_A_CORP
	if (!is_made_up(corpid)) abort();
#endif
#ifdef REFUSES_EACH_CORP
	if (!is_made_up(corpid)) return 10000;
#endif
	return 0;
}
void DestroySdk(void *sdk) { free(sdk); }
int GetChatData(void *sdk, unsigned long long seq, unsigned limit, const char *proxy, const char *passwd,
                int timeout, void *out) {
	(void)sdk; (void)seq; (void)proxy; (void)passwd; (void)timeout; (void)out;
	return limit > 1000 ? 10000 : 10001;
}
#ifndef LACKS_DECRYPT
int DecryptData(const char *key, const char *body, void *out) {
	(void)out;
#ifdef ENDS_OVER_EACH_BODY
	if (strspn(key, "x") != strlen(key)) abort();
#endif
#ifdef NEEDS_A_BIG_STACK
	volatile char big[12 << 20];
	memset((char *)big, *body, sizeof big);
#endif
	return *key == *body ? 10006 : 10008;
}
#endif
int GetMediaData(void *sdk, const char *index, const char *id, const char *proxy, const char *passwd,
                 int timeout, void *out) {
	(void)sdk; (void)index; (void)id; (void)proxy; (void)passwd; (void)timeout; (void)out;
	return 10001;
}
void *NewSlice(void) { return calloc(1, 16); }
void FreeSlice(void *slice) { free(slice); }
char *GetContentFromSlice(void *slice) { (void)slice; return NULL; }
int GetSliceLen(void *slice) { (void)slice; return 0; }
void *NewMediaData(void) { return calloc(1, 40); }
void FreeMediaData(void *media) { free(media); }
char *GetOutIndexBuf(void *media) { (void)media; return NULL; }
int GetIndexLen(void *media) { (void)media; return 0; }
char *GetData(void *media) { (void)media; return NULL; }
int GetDataLen(void *media) { (void)media; return 0; }
int IsMediaDataFinish(void *media) { (void)media; return 1; }
