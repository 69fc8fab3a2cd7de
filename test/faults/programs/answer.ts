import { inspect } from 'node:util';

import type { Answer, Question } from '../program';

/**
 * Lets the parent call these methods, see `Program.ask`. The process ends with 0 when it is told to
 * stop and only then: anything unhandled ends it with another code, as does the end of the parent.
 *
 * @param stop what to do before the end
 */
export function answerParent(
	methods: Record<string, (argument: never) => unknown>,
	stop: () => Promise<void> | void = () => undefined,
): void {
	// Whatever a library thinks of unhandled rejections, here they are a crash.
	process.on('unhandledRejection', (reason) => {
		process.stderr.write(`unhandled rejection: ${inspect(reason)}\n`, () => process.exit(70));
	});
	// Nobody is left to ask or to stop it.
	for (const end of ['disconnect', 'SIGINT', 'SIGTERM'] as const) {
		process.on(end, () => process.exit(71));
	}
	process.on('message', (question: Question) => void answer(question));

	async function answer({ id, method, argument }: Question): Promise<void> {
		if (method === 'stop') {
			await stop();
			process.exit(0);
		}
		const send = (said: Answer) => process.send?.(said);
		try {
			send({ id, value: await methods[method]?.(argument as never) });
		} catch (error) {
			send({ id, failure: inspect(error, { depth: 10 }) });
		}
	}
}
