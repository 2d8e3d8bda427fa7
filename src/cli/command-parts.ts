// What several commands of the table share: options, sentences and exit codes.
export const flag = { type: 'boolean' } as const;
export const text = { type: 'string' } as const;

export const help = { help: { ...flag, short: 'h', says: 'explain the command' } } as const;
export const json = { json: { ...flag, says: 'print what the app answered, as JSON' } } as const;
export const url = { url: { ...text, takes: 'URL', says: 'the address of the app' } } as const;
export const why = { why: { ...text, takes: 'TEXT', says: 'the reason, recorded with your name' } } as const;
export const ofApp = { ...url, ...json, ...help } as const;

export const exits = { 0: 'done', 1: 'the app declined or does not answer', 2: 'the command is wrong' } as const;

export const idOrName =
  'ID is that of a remediation (t….1), the beginning of one, or the name of a workload, where it means one remediation. If it means several, they are listed and nothing is done.';
export const reader = 'It takes the app role Reader or Operator.';
export const operator = 'It takes the app role Operator. You are recorded, by name and object id.';
export const id = { most: 1 } as const;
export const none = { most: 0 } as const;
export const watching = 'read again every ten seconds and print what is new,';
