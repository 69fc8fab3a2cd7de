// n8n-core 1.x sets an interval (of its SSH clients) that holds every process which has run a
// workflow; n8n-core 2.x lets go of it itself. What the package does about its own timers the tests
// on 2.x see.
const every = globalThis.setInterval;

globalThis.setInterval = ((...given: Parameters<typeof every>) =>
	every(...given).unref()) as typeof every;

export {};
