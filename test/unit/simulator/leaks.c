/* Calls everything that the stub of the library gives memory for, errors included, and frees it. */
#include <stdio.h>
#include <string.h>

typedef struct WeWorkFinanceSdk_t Sdk;
typedef struct Slice_t Slice;
typedef struct MediaData_t Media;

Sdk *NewSdk(void);
int Init(Sdk *, const char *, const char *);
void DestroySdk(Sdk *);
Slice *NewSlice(void);
void FreeSlice(Slice *);
int GetSliceLen(Slice *);
Media *NewMediaData(void);
void FreeMediaData(Media *);
int GetDataLen(Media *);
char *GetOutIndexBuf(Media *);
int IsMediaDataFinish(Media *);
int GetChatData(Sdk *, unsigned long long, unsigned int, const char *, const char *, int, Slice *);
int GetMediaData(Sdk *, const char *, const char *, const char *, const char *, int, Media *);
int DecryptData(const char *, const char *, Slice *);
long StubLive(int);

/* corp, secret, sdkfileid, key, sealed text, proxy, its password */
int main(int argc, char **argv) {
	if (argc != 8) return 2;
	Sdk *sdk = NewSdk();
	Slice *slice = NewSlice();
	Media *media = NewMediaData();
	long bytes = 0;
	for (int round = 0; round < 3; round++) {
		if (Init(sdk, argv[1], argv[2]) != 0) return 3;
		if (GetChatData(sdk, 0, 10, argv[6], argv[7], 20, slice) != 0) return 4;
		if (GetChatData(sdk, 0, 10, argv[6], "wrong:one", 20, slice) != 10001) return 5;
		char index[96] = "";
		do {
			if (GetMediaData(sdk, index, argv[3], "", "", 20, media) != 0) return 6;
			bytes += GetDataLen(media);
			strncpy(index, GetOutIndexBuf(media), sizeof index - 1);
		} while (!IsMediaDataFinish(media));
		if (GetMediaData(sdk, "", "nonsense", "", "", 20, media) != 10005) return 7;
		if (DecryptData(argv[4], argv[5], slice) != 0) return 8;
		if (DecryptData("some other key of a message", argv[5], slice) != 10008) return 9;
	}
	printf("%d %ld", GetSliceLen(slice), bytes);
	FreeSlice(slice);
	FreeMediaData(media);
	DestroySdk(sdk);
	return StubLive(0) + StubLive(1) + StubLive(2) == 0 ? 0 : 10;
}
