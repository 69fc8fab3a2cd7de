/** An amount of WeCom's in yuan: it counts in fen, a hundredth. Null where there is no amount. */
export function toYuan(fen: unknown): number | null {
	return typeof fen === 'number' ? fen / 100 : null;
}
