/** In place of native modules that no example uses. */
export {};
