import type { Contract } from './wire';

const TENCENT = "Tencent's own host (https://qyapi.weixin.qq.com)";

/** What to do about a path that the server does not know, HTTP 404 or errcode 40066, by what the client speaks. */
export const UNKNOWN_PATH_HINTS: Readonly<Record<Contract, string>> = {
	reference: `The server behind the base URL does not speak \`reference\`, or not all of it. Enter the address of a gateway that does, or choose another \`contract\`: ${TENCENT} speaks \`dataZone\`, for an app with the data zone, and \`messageArchive\`, for a corp that archives its own conversations.`,
	dataZone: `The server behind the base URL does not speak \`dataZone\`. Enter the address of ${TENCENT}, or choose another \`contract\`: a server that serves the reference document speaks \`reference\`, and a corp that archives its own conversations has \`messageArchive\`.`,
	messageArchive: `The server behind the base URL does not speak \`messageArchive\`. Enter the address of ${TENCENT}, or choose another \`contract\`: a server that serves the reference document speaks \`reference\`, and an app with the data zone has \`dataZone\`.`,
};
