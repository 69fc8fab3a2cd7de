// One call of the library in a process that it may end: path, function, its arguments as JSON.
const koffi = require('koffi');

const [path, name, given] = process.argv.slice(2);
const library = koffi.load(path);
const slice = library.func('void *NewSlice()')();
const decrypt = library.func('int DecryptData(const char *, const char *, void *)');
const chatData = library.func(
	'int GetChatData(void *, uint64_t, uint32_t, const char *, const char *, int, void *)',
);
const sdk = library.func('void *NewSdk()')();
const init = library.func('int Init(void *, const char *, const char *)');
const destroy = library.func('void DestroySdk(void *)');

const calls = {
	decrypt: (key, body) => decrypt(key, body, slice),
	chatData: (corpId, secret) =>
		init(sdk, corpId, secret) || chatData(sdk, 0n, 10, '', '', 20, slice),
	destroyTwice() {
		destroy(sdk);
		destroy(sdk);
	},
};
process.send('ready', () => {
	const code = calls[name](...JSON.parse(given));
	process.send({ code });
});
