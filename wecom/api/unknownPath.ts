import type { Contract } from './wire';

/** What to do about a path that the server does not know, HTTP 404 or errcode 40066, by what the client speaks. */
export const UNKNOWN_PATH_HINTS: Readonly<Record<Contract, string>> = {
	reference:
		"The server behind the base URL does not speak `reference`, or not all of it. Enter the address of a gateway that does, or choose another `contract`: Tencent's own host (qyapi.weixin.qq.com) speaks `dataZone`. It also speaks `messageArchive`, for a corp that archives its own conversations; this package does not speak that yet.",
	dataZone:
		"The server behind the base URL does not speak `dataZone`. Enter the address of Tencent's own host (https://qyapi.weixin.qq.com), or choose another `contract`: a server that serves the reference document speaks `reference`. A corp that archives its own conversations has `messageArchive`, which this package does not speak yet.",
	messageArchive:
		"The server behind the base URL does not speak `messageArchive`. Enter the address of Tencent's own host (https://qyapi.weixin.qq.com), or choose another `contract`: a server that serves the reference document speaks `reference`, and an app with the data zone has `dataZone`.",
};
