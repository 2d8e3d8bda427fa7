// HTTP: the forms with which an operator answers on a page. GET shows what would be done and asks for a yes; POST does it, once.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { pageOf } from '../lib/answers/answering.ts';
import { checkSeal, type SealCheck, sealForm } from '../lib/answers/form-seal.ts';
import { give } from '../lib/answers/give.ts';
import { addressWithNotice, type NoticeKind } from '../lib/answers/notice.ts';
import { propose } from '../lib/answers/propose.ts';
import { longestReason, readReason } from '../lib/answers/reason.ts';
import { addressOf, type Intent, readIntent } from '../lib/answers/verbs.ts';
import { confirmPage, type NoAnswer, noAnswerPage } from '../lib/console/confirm-page.ts';
import { sayWhyNot, type Viewer } from '../lib/console/viewer.ts';
import type { App } from './app.ts';
import { formFields, isOwnForm } from './form-request.ts';
import { formPage, pageHeaders } from './page-headers.ts';
import { asRecorded, viewerOf } from './sign-in.ts';
import { signInAddress, turnedAway } from './turned-away.ts';
import { orUnread } from './unread-page.ts';

/** One function for both methods: whether the host lets two functions share a route is not documented. */
export function registerAnswerForms(pullmedic: App): void {
  pullmedic.http('answer', {
    methods: ['GET', 'POST'],
    authLevel: 'anonymous',
    route: 'answers/{verb}',
    handler: (request) => (request.method === 'POST' ? onSent(pullmedic, request) : onAsked(pullmedic, request)),
  });
}

type Operator = Extract<Viewer, { mayAnswer: true }>;

/** Shows what would be done, with a form that is sealed for this person. */
async function onAsked(pullmedic: App, request: HttpRequest): Promise<HttpResponseInit> {
  const viewer = viewerOf(pullmedic, request);
  if (viewer === undefined) return turnedAway(pullmedic, request);
  const { query, params } = request;
  const intent = readIntent(params['verb'] ?? '', query.get('of') ?? '', query.get('shown') ?? '');
  if (intent === undefined) return refuse(pullmedic, 404, undefined, noSuchForm);
  const back = pageOf(intent);
  if (!viewer.mayAnswer)
    return refuse(pullmedic, 403, undefined, { title: 'You can read, and not answer', says: sayWhyNot(viewer), back });
  return orUnread(pullmedic, { name: 'answer', form: 'html' }, request, () => confirmation(pullmedic, viewer, intent));
}

/** The page that asks for a yes, or why there is none. Throws when the store cannot be reached. */
async function confirmation(pullmedic: App, viewer: Operator, intent: Intent): Promise<HttpResponseInit> {
  const back = pageOf(intent);
  const proposal = await propose(pullmedic, intent);
  if (proposal.kind === 'impossible')
    return refuse(pullmedic, proposal.status, undefined, {
      title: 'This is not possible now',
      says: proposal.says,
      back,
    });
  const sealed = await sealForm(pullmedic.ports, viewer.id, intent);
  if (!sealed.read) return refuse(pullmedic, 503, undefined, { title: 'No form can be made now', says: noKey, back });
  return formPage(
    200,
    confirmPage(proposal, { intent, sealed: sealed.value, back, by: viewer.name }, shellOf(pullmedic)),
  );
}

const noSuchForm: NoAnswer = {
  title: 'There is no such form',
  says: 'This address names nothing that can be done here. Nothing was done.',
  back: '/api/now',
};
const noKey =
  'Storage did not answer, so no form can be made that only you can send. Nothing was done. Try again in a minute; the command line works without forms.';

function shellOf({ ports }: App) {
  return { nowMs: ports.now(), address: '/api/now', alone: true } as const;
}

/** Why a form did not act, for the log. A page of another site must not be able to fill the log with more than this. */
type Refused = 'no-role' | 'another-site' | 'not-a-form' | Exclude<SealCheck, 'ours'> | 'no-reason';

function refuse(pullmedic: App, status: number, why: Refused | undefined, words: NoAnswer): HttpResponseInit {
  if (why !== undefined) pullmedic.ports.log('form-refused', { why });
  return formPage(status, noAnswerPage(words, shellOf(pullmedic)));
}

/** Does what the form says: for an operator, from our own page, with the seal of this very form, and once. */
async function onSent(pullmedic: App, request: HttpRequest): Promise<HttpResponseInit> {
  const viewer = viewerOf(pullmedic, request);
  const own = isOwnForm(request);
  const fields = own ? await formFields(request) : undefined;
  const intent = fields && readIntent(request.params['verb'] ?? '', fields.of, fields.shown);
  const back = intent === undefined ? '/api/now' : pageOf(intent);
  const words = (title: string, says: string): NoAnswer => ({
    title,
    says: `${says} ${nothingDone}`,
    back,
    links: anew(intent),
  });
  if (viewer === undefined || !viewer.mayAnswer)
    return viewer === undefined
      ? refuse(pullmedic, 401, 'no-role', { ...words('You are not signed in', notSignedIn), links: signIn(intent) })
      : refuse(pullmedic, 403, 'no-role', words('You can read, and not answer', sayWhyNot(viewer)));
  if (!own) return refuse(pullmedic, 403, 'another-site', words('This form came from elsewhere', fromElsewhere));
  if (fields === undefined || intent === undefined)
    return refuse(
      pullmedic,
      400,
      'not-a-form',
      words('This is none of our forms', 'A member is missing, or is there twice, or cannot be read.'),
    );
  const check = await checkSeal(pullmedic.ports, viewer.id, intent, fields);
  if (check !== 'ours') return refuse(pullmedic, sealStatus[check], check, words(...sealWords[check]));
  const reason = readReason(intent.verb, fields.why);
  if (!reason.ok)
    return refuse(pullmedic, 400, 'no-reason', words('The reason is missing or too long', reasonWords[reason.problem]));
  const why = reason.why === undefined ? {} : { why: reason.why };
  return act(pullmedic, viewer, intent, { seal: fields.seal, untilMs: fields.untilMs, by: asRecorded(viewer), ...why });
}

const nothingDone = 'Nothing was done.';
const notSignedIn = 'Your sign-in has ended, or this browser never had one. Sign in, and open the form again.';
const fromElsewhere =
  'Your browser says that a page of another site sent it, or does not say where it comes from. Open the form on the page itself.';
const sealStatus = { 'not-ours': 403, expired: 410, unreadable: 503 } as const;
const sealWords: Readonly<Record<Exclude<SealCheck, 'ours'>, readonly [title: string, says: string]>> = {
  'not-ours': [
    'This form is not valid',
    'It was not made for you and this question, or the key of the forms was replaced since. Open the form again.',
  ],
  expired: [
    'This form has expired',
    'A form can be sent for 15 minutes, because what it shows grows old. Open the form again.',
  ],
  unreadable: [
    'This form cannot be checked now',
    'Storage did not answer. Try again in a minute; the command line works without forms.',
  ],
};
const reasonWords = {
  missing: 'This needs a reason, because it overrules what stands for others too. Open the form again and write one.',
  'too-long': `A reason has at most ${longestReason} characters. Open the form again and shorten it.`,
} as const;

function anew(intent: Intent | undefined): NonNullable<NoAnswer['links']> {
  return intent === undefined ? [] : [{ href: addressOf(intent), words: 'Open the form again' }];
}

function signIn(intent: Intent | undefined): NonNullable<NoAnswer['links']> {
  return [{ href: signInAddress(intent === undefined ? '/api/now' : addressOf(intent)), words: 'Sign in' }];
}

interface Sent {
  readonly seal: string;
  readonly untilMs: number;
  readonly by: string;
  readonly why?: string;
}

/** The seal is used up first, so that two clicks act once, on whichever instances they arrive. */
async function act(
  pullmedic: App,
  viewer: Operator,
  intent: Intent,
  { seal, untilMs, ...giver }: Sent,
): Promise<HttpResponseInit> {
  const { ports } = pullmedic;
  const back = pageOf(intent);
  const lead = (kind: NoticeKind) => leadTo(addressWithNotice(ports, viewer.id, back, { verb: intent.verb, kind }));
  try {
    if ((await ports.seals.useUp(seal, untilMs)) === 'used-before') return await lead('before');
  } catch {
    return refuse(pullmedic, 503, 'unreadable', {
      title: 'Storage did not answer',
      says: `Try again in a minute. ${nothingDone}`,
      back,
      links: anew(intent),
    });
  }
  try {
    const given = await give(pullmedic, intent, giver);
    if (given.kind === 'given') return await lead(given.held ? 'held' : 'given');
    return refuse(pullmedic, given.status, undefined, {
      title: 'This is not possible now',
      says: `${given.says} ${nothingDone}`,
      back,
    });
  } catch {
    return refuse(pullmedic, 503, undefined, {
      title: 'It is not certain whether this was recorded',
      says: uncertain,
      back,
    });
  }
}

const uncertain =
  'Storage did not answer while your answer was being written. Look at the page: if the answer is not there in a minute, give it again.';

/** After a form the browser reads the page anew, so that reading it again sends nothing. */
async function leadTo(address: Promise<string>): Promise<HttpResponseInit> {
  return { status: 303, headers: { ...pageHeaders, location: await address } };
}
