import * as ofTheClient from '../../wecom/errors';
import * as ofTheLibrary from '../../wecom/library/libraryErrors';

const errors = { ...ofTheClient, ...ofTheLibrary };

const {
	AnswerTooLargeError,
	CallbackRefusedError,
	CancelledError,
	InvalidInputError,
	JobFailedError,
	JobUnfinishedError,
	KeyError,
	LibraryCrashedError,
	LibraryReturnError,
	LibraryUnavailableError,
	MediaError,
	NotInContractError,
	OutcomeUnknownError,
	RecordError,
	StateUnavailableError,
	StateUnusableError,
	TooManyCallsError,
	WECOM_ERROR_CODES,
	WecomApiError,
	WecomError,
	WecomNetworkError,
	WecomProgramError,
	WecomResponseError,
} = errors;

/** One of each class. */
const ONE_OF_EACH = [
	new AnswerTooLargeError(200, '/any', 1024),
	new CallbackRefusedError('replayed', 'again'),
	new CancelledError(),
	new InvalidInputError('field', 'bad'),
	new JobFailedError('/any'),
	new JobUnfinishedError('job', '/any', 0),
	new KeyError('empty', 'empty'),
	new LibraryCrashedError('again'),
	new LibraryReturnError(-1, 'GetChatData'),
	new LibraryUnavailableError('no file'),
	new MediaError('mismatch', 'cut off'),
	new NotInContractError('searchSession', 'messageArchive', ['reference']),
	new OutcomeUnknownError(new CancelledError('/any'), 'Look.'),
	new RecordError('not_json', 'bad'),
	new StateUnavailableError('ECONNREFUSED', 'localhost:6379'),
	new StateUnusableError('Cluster', 'localhost:6379'),
	new TooManyCallsError('/any', 'too many', 'Wait.'),
	new WecomApiError(-1, 'busy', '/any'),
	new WecomNetworkError('ECONNRESET', true, '/any', 'broke'),
	new WecomProgramError(-1, 'busy', '/any'),
	new WecomResponseError(502, true, '/any', 'bad'),
];

describe('the errors of the client', () => {
	it('are all here', () => {
		const exported = Object.values(errors).filter(
			(value) => typeof value === 'function' && value.prototype instanceof WecomError,
		);
		const here = new Set<unknown>(ONE_OF_EACH.map(({ constructor }) => constructor));
		expect(here).toEqual(new Set(exported));
	});

	it('have exactly the codes of the union', () => {
		const codes = new Set(ONE_OF_EACH.map(({ code }) => code));
		expect([...codes].sort()).toEqual([...WECOM_ERROR_CODES]);
	});

	it('share a code only with their subclasses', () => {
		const topmost = ONE_OF_EACH.filter(
			(error) => Object.getPrototypeOf(error.constructor) === WecomError,
		);
		const codes = topmost.map(({ code }) => code);
		expect(codes).toHaveLength(new Set(codes).size);
		const others = ONE_OF_EACH.filter((error) => !topmost.includes(error));
		for (const error of others) {
			const base = topmost.find(({ constructor }) => error instanceof constructor);
			expect(error.code).toBe(base?.code);
		}
	});
});
