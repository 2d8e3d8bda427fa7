// Who has the role of an assignment that an event named.
import { describe, expect, it } from 'vitest';
import { readAssignee } from '../../../../src/lib/azure/facts/assignee.ts';
import { known, unreadable } from '../../../../src/lib/words/fact.ts';
import { arm, principal, registryId } from '../../facts.ts';
import { alwaysAnswering } from '../clients-over.ts';

const id = arm(`${registryId}/providers/Microsoft.Authorization/roleAssignments/b0000000-0000-4000-8000-00000000000b`);

describe('the principal of a role assignment', () => {
  it.each([
    ['ServicePrincipal', false],
    ['User', false],
    ['Group', true],
    ['ForeignGroup', true],
    [undefined, true],
  ])('of the type %s is a group or of an unknown kind: %s', async (principalType, group) => {
    const { clients, asked } = alwaysAnswering({ properties: { principalId: principal, principalType } });

    expect(await readAssignee(clients, id)).toEqual(known({ principalId: principal, group }));
    expect(asked).toHaveLength(1);
  });

  it('is gone with its assignment', async () => {
    expect(await readAssignee(alwaysAnswering({}, 404).clients, id)).toEqual(known('gone'));
  });

  it.each([
    ['that may not be read', alwaysAnswering({}, 403), 'forbidden'],
    ['without a principal', alwaysAnswering({ properties: { principalId: 'x' } }), 'unexpected-answer'],
  ] as const)('%s is unreadable', async (_what, { clients }, why) => {
    expect(await readAssignee(clients, id)).toEqual(unreadable(why));
  });

  it('of anything else is not asked for', async () => {
    const { clients, asked } = alwaysAnswering({});

    expect(await readAssignee(clients, registryId)).toEqual(unreadable('not-asked'));
    expect(asked).toEqual([]);
  });
});
