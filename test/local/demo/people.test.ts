import { describe, expect, it } from 'vitest';
import { isTold, judgeDoubled, judgeTold, linkIn } from '../../../local/demo/people.ts';
import { fileOf } from '../../../local/scenarios/built-in.ts';
import { readScenario, type Scenario } from '../../../local/scenarios/schema.ts';

const open = { state: 'open', text: '' } as const;
const resolved = { state: 'resolved', text: '' } as const;

async function fiftyApps(): Promise<Scenario> {
  return readScenario(fileOf('dns-link-missing-in-fifty-apps'));
}

describe('what people see in incident systems', () => {
  it('is as expected only where every system shows every item in its state', async () => {
    const scenario = await fiftyApps();
    const all = { pager: [resolved], chat: [resolved], tickets: [resolved] };
    expect(isTold(scenario, all)).toBe(true);
    expect(judgeTold(scenario, { ...all, chat: [open] })).toEqual([
      { what: 'incidents in chat', expected: 'resolved', seen: 'open' },
    ]);
    expect(isTold(scenario, { ...all, pager: [resolved, resolved] })).toBe(false);
    expect(judgeTold(scenario, { pager: [resolved], chat: [resolved] })).toMatchObject([{ seen: 'none' }]);
  });

  it('is never more than was opened, whatever the scenario expects', () => {
    const incident = { occurrences: 2 } as Parameters<typeof judgeDoubled>[0]['incidents'][number];
    expect(judgeDoubled({ incidents: [incident] }, { pager: [resolved, open] })).toEqual([]);
    expect(judgeDoubled({ incidents: [incident] }, { pager: [resolved, open, open] })).toMatchObject([
      { seen: '3', always: true },
    ]);
  });
});

describe('the link in a message', () => {
  const page = 'http://127.0.0.1:7071';
  const at = (text: string) => linkIn([{ state: 'open', text }], page);

  it('leads to the page of the remediation that is asked about', () => {
    const text = `See ${page}/api/history#i1 or <${page}/api/history/t1.2|Answer the question>, says ${page}.`;
    expect(at(text)).toEqual({ url: `${page}/api/history/t1.2`, id: 't1.2' });
  });

  it('is none where a message links something else', () => {
    expect(at(`${page}/api/history#i1`)).toBeUndefined();
    expect(at('https://elsewhere.example/api/history/t1.2')).toBeUndefined();
  });
});
