/** In place of modules that no example uses. */
export {};
