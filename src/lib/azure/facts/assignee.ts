// Who has the role of one role assignment: an event of a role names its scope, and not the principal.

import * as z from 'zod';
import type { Assignee } from '../../ports/ports.ts';
import type { ArmId } from '../../words/arm-id.ts';
import { isOfType, parsePrincipalId } from '../../words/arm-id.ts';
import type { Fact } from '../../words/fact.ts';
import { unreadable } from '../../words/fact.ts';
import type { Clients } from '../clients/clients.ts';
import { BadStatus, factOrMissing, Unexpected } from '../clients/reading.ts';

/** Reads one assignment, with one request. An id of anything else is not asked for. */
export async function readAssignee(clients: Pick<Clients, 'get'>, assignment: ArmId): Promise<Fact<Assignee | 'gone'>> {
  if (!isOfType(assignment, 'microsoft.authorization/roleassignments')) return unreadable('not-asked');
  return factOrMissing('gone' as const, async () => {
    const { status, body } = await clients.get(assignment, version);
    if (status !== 200) throw new BadStatus(status);
    const { principalId, principalType } = wireAssignment.parse(body).properties;
    const read = parsePrincipalId(principalId);
    if (read === undefined) throw new Unexpected('an assignment without a principal');
    return { principalId: read, group: !single.test(principalType ?? '') };
  });
}

const version = '2022-04-01';

const wireAssignment = z.object({
  properties: z.object({ principalId: z.string(), principalType: z.string().nullish() }),
});

/** Kinds of principal that have no members; the others are `Group` and `ForeignGroup` (PrincipalType of the API of role assignments). */
const single = /^(?:User|ServicePrincipal|Device)$/i;
