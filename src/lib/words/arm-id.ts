// An ARM resource id in one spelling: Azure compares ids without case and returns them in several cases, so ours are lower case.

declare const brand: unique symbol;
/** Gives a string a name that only its own parser can hand out. */
export type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A resource id, `/subscriptions/...`, lower case, without a trailing slash. */
export type ArmId = Branded<'ArmId'>;
/** The object id of an identity in Entra (never the client id), lower case. */
export type PrincipalId = Branded<'PrincipalId'>;
/** An alert that fired, `…/providers/microsoft.alertsmanagement/alerts/<guid>`, lower case. */
export type AlertId = Branded<'AlertId'>;

// A part is never `.` or `..`: in an address such a part would lead to another resource than the checked one. Names may have letters and
// digits of any script, because those of resource groups may: "letters or digits as defined by the Char.IsLetterOrDigit function"
// (https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules, Microsoft.Resources), which are \p{L} and
// \p{Nd}.
const armIdPattern = /^\/subscriptions\/[0-9a-z-]{1,64}(?:\/(?!\.{1,2}(?:\/|$))[\p{L}\p{Nd}._()-]{1,260}){0,40}$/u;
const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Reads an ARM id; `undefined` if the text is not one. Accepts any case and a trailing slash. */
export function parseArmId(text: string): ArmId | undefined {
  const id = lowerCase(text.trim()).replace(/\/$/, '');
  return id.length <= 1024 && armIdPattern.test(id) ? (id as ArmId) : undefined;
}

/**
 * Lower case, one character at a time, and only where upper case leads back to the same letter. The Kelvin sign must not become a `k`:
 * `rg-key` with it is another group than `rg-key` without. If Azure finds two names equal that differ here, pullmedic permits less, not
 * more.
 */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]|[^\0-\x7f]/gu, (letter) => {
    const lower = letter.toLowerCase();
    return lower.toUpperCase() === letter ? lower : letter;
  });
}

/** The scope of a role or a denial: a resource, its group or subscription, a management group above them, or the whole directory (`/`). */
export type Scope = ArmId | Branded<'WideScope'>;

const widePattern = /^(?:\/|\/providers\/microsoft\.management\/managementgroups\/[0-9a-z._()-]{1,90})$/;

/** Reads a scope; `undefined` if the text is not one. */
export function parseScope(text: string): Scope | undefined {
  const scope = text.trim().toLowerCase();
  return widePattern.test(scope) ? (scope as Branded<'WideScope'>) : parseArmId(scope);
}

/** True of the id of a subscription, an application or a principal, in any case. */
export function isGuid(text: string): boolean {
  return guidPattern.test(text.toLowerCase());
}

/** Reads the object id of a principal; `undefined` if the text is not a GUID. */
export function parsePrincipalId(text: string): PrincipalId | undefined {
  const id = text.trim().toLowerCase();
  return guidPattern.test(id) ? (id as PrincipalId) : undefined;
}

/** Reads the id of an alert that fired; `undefined` if the text is something else, such as the id of a rule. */
export function parseAlertId(text: string): AlertId | undefined {
  const id = parseArmId(text);
  if (id === undefined || !isOfType(id, 'microsoft.alertsmanagement/alerts') || !guidPattern.test(nameOf(id)))
    return undefined;
  return id as string as AlertId;
}

/**
 * True if two ids name one alert. Azure may put the resource that the alert fired for into the id, so only the GUID and the subscription
 * count (`id` of an alert in the specification of Alerts Management: a scope, then `/providers/Microsoft.AlertsManagement/alerts/GUID`).
 */
export function sameAlert(a: AlertId, b: AlertId): boolean {
  const guid = (id: AlertId): string => id.slice(id.lastIndexOf('/') + 1);
  return guid(a) === guid(b) && subscriptionOf(a) === subscriptionOf(b);
}

/** The segment after this segment; empty if the id does not have it. (`indexOf` gives -1 then, and segment 0 is always empty.) */
function segmentAfter(id: ArmId | AlertId, name: string): string {
  const parts = id.split('/');
  return parts[parts.indexOf(name) + 1] ?? '';
}

export function subscriptionOf(id: ArmId | AlertId): string {
  return segmentAfter(id, 'subscriptions');
}

export function resourceGroupOf(id: ArmId): string {
  return segmentAfter(id, 'resourcegroups');
}

/** The name of the resource: the last segment. */
export function nameOf(id: ArmId): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** The id up to the resource of this type, such as the VNet of a subnet. `undefined` if the id does not contain the type. */
export function parentOfType(id: ArmId, type: string): ArmId | undefined {
  const parts = id.split('/');
  const at = parts.indexOf(type.toLowerCase());
  return at < 0 || at === parts.length - 1 ? undefined : (parts.slice(0, at + 2).join('/') as ArmId);
}

/** True if the id is of this resource type, such as `microsoft.app/containerapps`. */
export function isOfType(id: ArmId, type: string): boolean {
  const parts = id.slice(id.lastIndexOf('/providers/')).split('/').slice(2);
  const types = parts.filter((_, index) => index === 0 || index % 2 === 1);
  return types.join('/') === type.toLowerCase() && parts.length === 2 * types.length - 1;
}

/**
 * True if what holds at the scope may hold for the resource: the scope is the resource or above it. Which subscriptions a management group
 * contains cannot be read from its id, so each of them counts as above, like the whole directory.
 */
export function isAtOrAbove(scope: Scope, id: ArmId): boolean {
  return widePattern.test(scope) || isWithin(id, scope as ArmId);
}

/** True if the id is the scope itself or is below it. Compares whole segments: `rg-a` does not contain `rg-ab`. */
export function isWithin(id: ArmId, scope: ArmId): boolean {
  return id === scope || id.startsWith(`${scope}/`);
}
