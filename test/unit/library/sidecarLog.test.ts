import { placesOf, SidecarLog } from '../../../wecom/library/sidecar/log';

it('tells the same problem once a minute, and how often it was met', () => {
	const lines: string[] = [];
	let now = 0;
	const log = new SidecarLog(
		(line) => lines.push(line.slice(line.indexOf(' ') + 1)),
		() => now,
	);
	for (now = 0; now < 120_000; now += 1000) log.problem('The token is wrong');
	log.problem('Something else');
	log.info('Stops');
	log.info('Stops');
	expect(lines).toEqual([
		'problem The token is wrong\n',
		'problem The token is wrong (59 times more before)\n',
		'problem Something else\n',
		'info Stops\n',
		'info Stops\n',
	]);
});

it('makes one line of anything, with the time', () => {
	const lines: string[] = [];
	new SidecarLog((line) => lines.push(line)).problem(
		`a\r\nb\u2028c\u001b[2Jd\u0085${'x'.repeat(1000)}`,
	);
	expect(lines.join('')).toMatch(
		/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z problem a b c \[2Jd x{580,600}\n$/,
	);
});

it('remembers a bounded number of problems', () => {
	const lines: string[] = [];
	const log = new SidecarLog(
		(line) => lines.push(line),
		() => 0,
	);
	for (let n = 0; n <= 200; n++) log.problem(`problem ${n}`);
	log.problem('problem 0');
	expect(lines).toHaveLength(202);
});

it('says of an error that nobody expected where it was, and nothing of its words', () => {
	expect(placesOf(new TypeError('secret words\n    of two lines'))).toMatch(
		/^TypeError at .*sidecarLog\.test\.ts:\d+:\d+/,
	);
	expect(placesOf(new TypeError('secret words'))).not.toContain('secret');
	expect(placesOf(Object.assign(new Error(), { code: 'EADDRINUSE', stack: '' }))).toBe(
		'Error EADDRINUSE',
	);
	expect(placesOf('secret words')).toBe('string');
});
