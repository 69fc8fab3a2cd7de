/**
 * An amount of WeCom's, fen, in yuan; null where there is none. Bills are in fen (document 99602); of
 * orders document 100301 names no unit, they are taken as WeCom's other orders are.
 */
export function toYuan(fen: unknown): number | null {
	return typeof fen === 'number' ? fen / 100 : null;
}
