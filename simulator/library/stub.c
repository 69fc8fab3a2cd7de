/*
 * A stand-in for Tencent's WeWorkFinanceSdk with the simulator behind it: the same exported functions,
 * called in the same way. All of it is this project's own; the cipher of its records (seal.ts) is not
 * Tencent's. Where real builds were measured it behaves as they do: their return codes, a wrong key that
 * is only refused, and a body that is no base64 or too short, which ends the process.
 */
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "wire.h"

#define API __attribute__((visibility("default")))

enum { MAX_LIMIT = 1000, MIN_KEY = 16, MIN_BODY = 12, SEAL_HEAD = 9 };

typedef struct {
	char *corpid;
	char *secret;
} WeWorkFinanceSdk_t;

typedef struct {
	char *buf;
	int len;
} Slice_t;

typedef struct {
	char *outindexbuf;
	int out_len;
	char *data;
	int data_len;
	int is_finish;
} MediaData_t;

static atomic_long live_sdks, live_slices, live_media;

API WeWorkFinanceSdk_t *NewSdk(void) {
	live_sdks++;
	return calloc(1, sizeof(WeWorkFinanceSdk_t));
}

API int Init(WeWorkFinanceSdk_t *sdk, const char *corpid, const char *secret) {
	if (sdk == NULL || corpid == NULL || secret == NULL || *corpid == '\0' || *secret == '\0') {
		return PARAMETERS;
	}
	free(sdk->corpid);
	free(sdk->secret);
	sdk->corpid = copy_of(corpid, strlen(corpid));
	sdk->secret = copy_of(secret, strlen(secret));
	return sdk->corpid == NULL || sdk->secret == NULL ? SYSTEM : OK;
}

/* Twice for one handle is a double free, and the end of the process, as with real builds. */
API void DestroySdk(WeWorkFinanceSdk_t *sdk) {
	if (sdk == NULL) return;
	live_sdks--;
	free(sdk->corpid);
	free(sdk->secret);
	free(sdk);
}

API Slice_t *NewSlice(void) {
	live_slices++;
	return calloc(1, sizeof(Slice_t));
}

API void FreeSlice(Slice_t *slice) {
	if (slice == NULL) return;
	live_slices--;
	free(slice->buf);
	free(slice);
}

API char *GetContentFromSlice(Slice_t *slice) { return slice == NULL ? NULL : slice->buf; }
API int GetSliceLen(Slice_t *slice) { return slice == NULL ? 0 : slice->len; }

API MediaData_t *NewMediaData(void) {
	live_media++;
	return calloc(1, sizeof(MediaData_t));
}

API void FreeMediaData(MediaData_t *media) {
	if (media == NULL) return;
	live_media--;
	free(media->outindexbuf);
	free(media->data);
	free(media);
}

API char *GetOutIndexBuf(MediaData_t *media) { return media == NULL ? NULL : media->outindexbuf; }
API int GetIndexLen(MediaData_t *media) { return media == NULL ? 0 : media->out_len; }
API char *GetData(MediaData_t *media) { return media == NULL ? NULL : media->data; }
API int GetDataLen(MediaData_t *media) { return media == NULL ? 0 : media->data_len; }
API int IsMediaDataFinish(MediaData_t *media) { return media == NULL ? 0 : media->is_finish; }

/* Not in Tencent's: how many handles (0), slices (1) and media (2) have not been freed. */
API long StubLive(int what) { return what == 0 ? live_sdks : what == 1 ? live_slices : live_media; }

static int fill_slice(Slice_t *slice, const char *data, size_t len) {
	char *copy = copy_of(data, len);
	if (copy == NULL) return SYSTEM;
	free(slice->buf);
	slice->buf = copy;
	slice->len = (int)len;
	return OK;
}

/* The beginning of a request's body: whose archive it is. */
static void begin_body(Bytes *body, const WeWorkFinanceSdk_t *sdk) {
	add_text(body, "{\"corpid\":");
	add_string(body, sdk->corpid);
	add_text(body, ",\"secret\":");
	add_string(body, sdk->secret);
}

API int GetChatData(WeWorkFinanceSdk_t *sdk, unsigned long long seq, unsigned int limit,
                    const char *proxy, const char *passwd, int timeout, Slice_t *chatDatas) {
	if (sdk == NULL || sdk->secret == NULL || chatDatas == NULL) return PARAMETERS;
	if (limit < 1 || limit > MAX_LIMIT) return PARAMETERS;
	Bytes body = {0};
	Answer answer = {0};
	begin_body(&body, sdk);
	add_text(&body, ",\"seq\":%llu,\"limit\":%u}", seq, limit);
	int code = body.failed ? SYSTEM : ask("GetChatData", &body, (Way){proxy, passwd, timeout}, &answer);
	if (code == OK) {
		code = fill_slice(chatDatas, answer.bytes.data + answer.head, answer.bytes.len - answer.head);
	}
	free(body.data);
	free(answer.bytes.data);
	return code;
}

static int fill_media(MediaData_t *media, const Answer *answer) {
	char index[96], finish[8];
	header_of(answer->bytes.data, "x-out-index", index, sizeof index);
	header_of(answer->bytes.data, "x-is-finish", finish, sizeof finish);
	size_t len = answer->bytes.len - answer->head;
	free(media->outindexbuf);
	free(media->data);
	media->outindexbuf = copy_of(index, strlen(index));
	media->data = copy_of(answer->bytes.data + answer->head, len);
	if (media->outindexbuf == NULL || media->data == NULL) return SYSTEM;
	media->out_len = (int)strlen(index);
	media->data_len = (int)len;
	media->is_finish = atoi(finish);
	return OK;
}

API int GetMediaData(WeWorkFinanceSdk_t *sdk, const char *indexbuf, const char *sdkFileid,
                     const char *proxy, const char *passwd, int timeout, MediaData_t *media) {
	if (sdk == NULL || sdk->secret == NULL || media == NULL) return PARAMETERS;
	if (sdkFileid == NULL || *sdkFileid == '\0') return PARAMETERS;
	Bytes body = {0};
	Answer answer = {0};
	begin_body(&body, sdk);
	add_text(&body, ",\"indexbuf\":");
	add_string(&body, indexbuf == NULL ? "" : indexbuf);
	add_text(&body, ",\"sdkfileid\":");
	add_string(&body, sdkFileid);
	add_text(&body, "}");
	int code = body.failed ? SYSTEM : ask("GetMediaData", &body, (Way){proxy, passwd, timeout}, &answer);
	if (code == OK) code = fill_media(media, &answer);
	free(body.data);
	free(answer.bytes.data);
	return code;
}

/* FNV-1a of 32 bits. */
static uint32_t hash_of(const char *data, size_t len) {
	uint32_t hash = 0x811c9dc5;
	for (size_t i = 0; i < len; i++) hash = (hash ^ (unsigned char)data[i]) * 0x01000193;
	return hash;
}

/* What sealForLibrary of seal.ts made, opened with its key. */
static int open_sealed(const char *key, Bytes *bytes, Slice_t *msg) {
	static const char *const ENDS[] = {"", "segv", "abort", "exit", "hang"};
	size_t key_len = strlen(key);
	if (key_len < MIN_KEY) return DECRYPT;
	for (size_t i = 0; i < bytes->len; i++) bytes->data[i] ^= key[i % key_len];
	const char *text = bytes->data + SEAL_HEAD;
	size_t len = bytes->len - SEAL_HEAD;
	uint32_t hash = hash_of(text, len);
	char head[] = {'F', 'S', 'D', 'K', (char)(hash >> 24), (char)(hash >> 16), (char)(hash >> 8), (char)hash};
	if (memcmp(bytes->data, head, sizeof head) != 0) return DECRYPT;
	unsigned char ends = (unsigned char)bytes->data[SEAL_HEAD - 1];
	if (ends >= sizeof ENDS / sizeof *ENDS) return DECRYPT;
	end_process(ENDS[ends]);
	return fill_slice(msg, text, len);
}

API int DecryptData(const char *encrypt_key, const char *encrypt_msg, Slice_t *msg) {
	if (encrypt_key == NULL || encrypt_msg == NULL) return PARAMETERS;
	if (msg == NULL) return DECRYPT;
	Bytes bytes = {0};
	int is_base64 = read_base64(encrypt_msg, &bytes);
	if (!is_base64 || bytes.len < MIN_BODY) abort();
	int code = bytes.failed ? SYSTEM : open_sealed(encrypt_key, &bytes, msg);
	free(bytes.data);
	return code;
}
