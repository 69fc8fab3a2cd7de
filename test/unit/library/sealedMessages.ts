import { sealForLibrary, type EndsProcess } from '../../../simulator/library';
import type { SealedBody } from '../../../wecom/archive/messageOpener';

/** What must be nowhere but in the library's process. */
export const SECRET = 'secret-of-the-archive-7d1f';
/** What opens all messages here. */
export const KEY = 'one-message-key-'.repeat(5);
export const PASSWD = 'proxy-user:proxy-password-91ce';

/** A message that the stub opens to `{"index":…}`, or over which it ends its process. */
export function sealed(index: number, ends?: EndsProcess): SealedBody {
	return { randomKey: KEY, ciphertext: sealForLibrary(`{"index":${index}}`, KEY, ends) };
}

/** So many messages, of which some end the process. */
export function sealedPage(count: number, ends: Record<number, EndsProcess> = {}): SealedBody[] {
	return Array.from({ length: count }, (_, index) => sealed(index, ends[index]));
}
