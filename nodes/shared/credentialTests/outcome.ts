import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { CancelledError, WecomError } from '../../../wecom/errors';
import { sentencesOf } from '../menuWords';
import { problem, toResult, type Finding } from './finding';

/** How long a test may take, in milliseconds: somebody is looking at it. */
export const TEST_TIMEOUT_MS = 15_000;

/** Findings that come one after the other, until the last or until something goes wrong. */
type Findings = AsyncIterable<Finding> | Iterable<Finding>;

/**
 * Runs a check of a credential to its end, to the first problem, or to an error.
 *
 * @returns what n8n shows of it
 */
export async function outcome(
	check: (data: ICredentialDataDecryptedObject) => Findings,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const findings: Finding[] = [];
	try {
		for await (const finding of check(credential.data ?? {})) {
			findings.push(finding);
			if (finding.kind === 'problem') break;
		}
	} catch (error) {
		findings.push(problem(wordsOfFailure(error)));
	}
	return toResult(findings);
}

function wordsOfFailure(error: unknown): string {
	if (error instanceof CancelledError) {
		return `The test was given up after ${TEST_TIMEOUT_MS / 1000} seconds without an answer`;
	}
	return error instanceof WecomError ? sentencesOf(error) : 'Unexpected condition';
}
