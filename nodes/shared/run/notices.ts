import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';

import type { StateUnavailableError } from '../../../wecom/errors';
import { aloneBecause } from '../state';

type Level = NodeExecutionHint['type'];

/** The lines above the output of a node; the same words for several items stand there once. */
export class Notices {
	/** @param shown what earlier tries of this run showed: n8n takes it from the last try alone */
	constructor(
		private readonly execution: Pick<IExecuteFunctions, 'addExecutionHints'>,
		private readonly shown: Map<string, Level>,
	) {
		for (const [message, level] of shown) this.show(message, level);
	}

	/** Tells what people may want to know. */
	hint(message: string): void {
		this.add(message, 'info');
	}

	/** Tells what people should look after. */
	warn(message: string): void {
		this.add(message, 'warning');
	}

	/** Warns where WeCom did what it was asked and did not tell the id of what it made. */
	expectId(answer: object, name: string, advice: string): void {
		if ((answer as Record<string, unknown>)[name]) return;
		this.warn(`WeCom answered with errcode 0 but without ${name}. ${advice}`);
	}

	/** Tells people that this run did without the shared state. */
	readonly onStateUnavailable = (error: StateUnavailableError): void => {
		this.warn(aloneBecause(error));
	};

	private add(message: string, level: Level): void {
		if (this.shown.has(message)) return;
		this.shown.set(message, level);
		this.show(message, level);
	}

	private show(message: string, level: Level): void {
		this.execution.addExecutionHints({ message, type: level, location: 'outputPane' });
	}
}
