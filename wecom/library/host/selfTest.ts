import type { FinanceSdk } from './financeSdk';
import { SELF_TEST_STEPS, type SelfTestCodes, type SelfTestStep } from './protocol';

const KEY_CHARACTERS = 88;
const BODY_CHARACTERS = 400;
const TOO_MANY = 1001;
const DIRECT = { proxy: '', passwd: '', timeout: 2 };
/** Nobody listens at the discard port of this machine, so nothing leaves it. */
const CLOSED = { ...DIRECT, proxy: 'http://127.0.0.1:9' };

/**
 * Calls every part of the library that can be called without a corp and without the network: one that
 * does not go together with this process ends it here, before it has a secret.
 *
 * @param before is told of each call, and waited for: the call may be the last thing that happens
 */
export async function selfTest(
	library: FinanceSdk,
	before: (step: SelfTestStep) => Promise<void>,
): Promise<SelfTestCodes> {
	const codes = {} as SelfTestCodes;
	let opened: ReturnType<FinanceSdk['open']> = { returnCode: 0 };
	const withHandle = (limit: number, way: typeof DIRECT) =>
		opened.sdk ? library.chatData(opened.sdk, 0n, limit, way)[0] : opened.returnCode;
	const steps: Record<SelfTestStep, () => number> = {
		emptyInit: () => library.open('', '').returnCode,
		madeUpInit: () => (opened = library.open('ww0000000000000000', 'made-up')).returnCode,
		garbageBody: () => library.decrypt('x'.repeat(KEY_CHARACTERS), 'A'.repeat(BODY_CHARACTERS))[0],
		limitTooLarge: () => withHandle(TOO_MANY, DIRECT),
		closedProxy: () => withHandle(1, CLOSED),
	};
	for (const step of SELF_TEST_STEPS) {
		await before(step);
		codes[step] = steps[step]();
	}
	if (opened.sdk) library.close(opened.sdk);
	return codes;
}
