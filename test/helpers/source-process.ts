/** What makes a process of a test run TypeScript as the test itself does, without checking its types again. */
export const sourceProcess = {
  argv: process.execArgv,
  env: { ...process.env, TS_NODE_TRANSPILE_ONLY: '1' },
} as const
