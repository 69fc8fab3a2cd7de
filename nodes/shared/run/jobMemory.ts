import type { JobMemory } from '../../../wecom/api/modelJobs';
import type { KeptJobs } from '../../../wecom/state/keptJobs';
import { nodePath } from '../n8nInternals';
import { ExecutionLease } from '../position/executionLease';
import { fingerprintOf } from './madeOnce';

type Execution = Parameters<typeof ExecutionLease.of>[0] & Parameters<typeof nodePath>[0];

/** By the execution: questions whose jobs it has used. The next one that asks the same wants its own. */
const used = new WeakMap<ExecutionLease, Set<string>>();

/**
 * Keeps the jobs that a node began until the execution has ended and n8n has saved what came of them:
 * a node that died, was tried again or ran out of time goes on with its own.
 *
 * @param asked what the jobs depend on beside the part that each is about
 */
export function jobMemoryOf(
	execution: Execution,
	jobs: KeptJobs,
	asked: readonly unknown[],
): JobMemory {
	const lease = ExecutionLease.of(execution);
	const done = (lease && used.get(lease)) ?? new Set<string>();
	if (lease) used.set(lease, done);
	const questions = new WeakMap<object, string>();
	const questionOf = (part: object): string => {
		const known = questions.get(part);
		if (known !== undefined) return known;
		const question = fingerprintOf([nodePath(execution), ...asked, part]);
		questions.set(part, question);
		return question;
	};
	return {
		async find(part) {
			const question = questionOf(part);
			return done.has(question) ? undefined : await jobs.find(question);
		},
		async keep(part, jobid) {
			const question = questionOf(part);
			done.delete(question);
			await jobs.keep(question, jobid);
		},
		async finish(part, jobid) {
			const question = questionOf(part);
			if (!lease) return await jobs.forget(question, jobid);
			done.add(question);
			lease.afterSaving(async () => await jobs.forget(question, jobid));
		},
		async forget(part, jobid) {
			await jobs.forget(questionOf(part), jobid);
		},
	};
}
