import type { JsonObject, JsonValue } from '../json';
import {
	notifyId,
	openProgramAnswer,
	PROGRAM_TIMEOUT_MS,
	programCall,
	SYNC_CALL_PATH,
} from './carriers/program';
import { fields, id } from './fields';
import { NO_PROGRAM } from './inOwnArchive';
import { inReferenceAndZone, operation, readJobId } from './operation';

/** The program's answer, whatever its output protocol says. */
export interface ProgramAnswer {
	response_data: JsonValue;
}

/**
 * Calls a program in the data zone and waits for its answer. Source: tree 2.1 of the reference
 * document; https://developer.work.weixin.qq.com/document/path/101356
 */
export const syncCallProgram = operation({
	name: 'syncCallProgram',
	// What a program does with a call nobody knows.
	retry: 'once',
	timeoutMs: PROGRAM_TIMEOUT_MS,
	findOut: 'Look into the log of the program whether it ran before you call it again.',
	input: fields({ ...programCall, notify_id: notifyId() }),
	read: readAnswer,
	instead: { messageArchive: NO_PROGRAM },
	wires: inReferenceAndZone(`POST ${SYNC_CALL_PATH}`),
});

/**
 * Starts a program in the data zone; gives the `jobid` to ask for its result with. Source: tree 2.1
 * of the reference document; https://developer.work.weixin.qq.com/document/path/101357
 */
export const startProgramTask = operation({
	name: 'startProgramTask',
	retry: 'once',
	findOut: 'Look into the log of the program whether it ran before you start it again.',
	input: fields(programCall),
	read: readJobId,
	instead: { messageArchive: NO_PROGRAM },
	wires: inReferenceAndZone('POST /chatdata/async_program_task'),
});

/**
 * What an asynchronous program reported. WeCom refuses with 790023 while it runs. Source as
 * {@link startProgramTask}.
 */
export const getProgramResult = operation({
	name: 'getProgramResult',
	retry: 'read',
	proof: ['response_data'],
	input: fields({ jobid: id() }),
	instead: { messageArchive: NO_PROGRAM },
	wires: inReferenceAndZone({
		ask: { route: 'POST /chatdata/async_program_result' },
		read: readAnswer,
	}),
});

function readAnswer(answer: JsonObject): ProgramAnswer {
	return { response_data: openProgramAnswer(answer) };
}
