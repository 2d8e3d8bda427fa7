// Words about a pull that a text does not claim: it quotes them, supposes them, advises about them, or says that they are over.
import type { Row } from './context.ts';

/** A pattern put together from named pieces, one behind the other. */
function made(...pieces: readonly string[]): RegExp {
  return new RegExp(pieces.join(''));
}

/** One of the pieces. */
function oneOf(...pieces: readonly string[]): string {
  return `(?:${pieces.join('|')})`;
}

// Pieces of several rows.

/** Here no sentence begins that claims a failure: `Failed to pull image …`. What a row takes out ends before one. */
const noClaimBegins = String.raw`(?!(?:Failed|FAILED|Error|ERROR|Unable|Warning|WARN|Back-off|Cannot|Could|FATA)\b)`;

/** A quoted text. The apostrophe of a word begins none. */
const quoted = String.raw`(?<!\w)"[^"]{1,200}"|(?<!\w)'[^']{1,200}'`;

/** The rest of a sentence, with what it quotes. A point, a colon or a question mark inside a word (`r.io/a:1`) does not end it. */
const restOfSentence = String.raw`(?:${quoted}|${noClaimBegins}(?:[^.;:!?]|[.:?](?=\S))){1,300}`;

// Attempts before a success.

/** A pull, of whatever image, that succeeded. `pulled 2 of 3` tells of one that did not. */
const pullSucceeded = String.raw`\b[Pp]ull(?:ed(?! \d{1,6} ?(?:of|/|out of))|(?:ing)?(?: of)?(?: [^\s;()]{1,300}){0,3}? (?:has |is |was )?(?:now )?(?:succeeded|successful|completed?))\b`;

/** No word before it in its sentence denies the success, or only hopes for it. */
const notDenied = String.raw`(?<!(?:\b(?:[Nn]o|[Nn]ot|[Nn]ever|[Nn]one|[Cc]annot|[Uu]nable|[Ff]ailed|[Ff]ailure|[Bb]e|[Bb]efore|[Uu]ntil)\b|n't\b)[^.;(]{0,80})`;

/** The name of the image, how large it is, how long the pull took. */
const whatWasPulled = String.raw`(?: (?!(?:after|although|though|despite|because|on)\b)[^\s;()]{1,300}){0,8}?`;

/** Text in brackets, which may hold further brackets. */
const inBrackets = String.raw`\((?:[^()]|\([^()]{0,200}\)){0,500}\)`;

/** Brackets that tell of attempts. */
const attemptsInBrackets = String.raw` ?(?=\([^)]{0,160}\b(?:attempts?|retr(?:y|ies|ied)|tr(?:y|ies|ied)|errors?|fail(?:ed|ures?)|previous(?:ly)?|earlier|before|initial(?:ly)?)\b)${inBrackets}`;

/** What is said about the attempts: up to the end of the sentence, or to a semicolon behind which another pull is told of. */
const aboutAttempts = String.raw`(?:${inBrackets}|${noClaimBegins}(?:[^.;]|\.(?=\S)|;(?![^;]{0,80}\b[Pp]ull))){0,300}`;

/** `after 2 retries …`, `on the third try …` */
const afterAttempts = String.raw`,? (?:after|although|though|despite|because|on (?:the )?(?:[\w#-]{1,12} ){0,2}(?:attempt|retry|try))\b${aboutAttempts}`;

/** `; the last error was …` */
const earlierAttempt = String.raw`[,;:.]? (?:but |with )?(?:[Tt]he |[Ii]ts )?(?:[Ll]ast|[Pp]revious|[Ee]arlier|[Ff]irst|[Pp]rior|[Ii]nitial|[Ff]ormer) (?:\w{1,15} ){0,2}?(?:errors?|attempts?|failures?|try|tries|retry)\b${aboutAttempts}`;

// Conditions and advice.

/** `If …`, `How to …`, `Common causes of …`: a supposition begins. */
const supposition = [
  '[Ii]f',
  '[Ww]hen(?:ever)? you',
  '[Ii]n case (?:of|you|the)',
  '[Hh]ow to',
  '[Tt]roubleshoot(?:ing)?',
  '(?:[Cc]ommon|[Pp]ossible|[Tt]ypical|[Uu]sual) (?:causes?|reasons?) (?:of|for)',
];

/** `Check …` at the start of a sentence, `to fix …`: advice begins. */
const advice = [
  '(?<=^|[.;!?] |[Pp]lease )(?:[Cc]heck|[Vv]erify|[Ee]nsure|[Mm]ake sure|[Cc]onfirm|[Ll]ook for|[Ss]earch for|[Ww]atch for)',
  '[Tt]o (?:fix|troubleshoot|avoid|prevent|diagnose|mitigate)',
];

/** `may then fail …`: what may follow, or will. */
const consequence =
  '(?:may|might|would|could|can|will) (?:also |then |still |start to |now )?(?:see|show|fail|enter|report|result in|lead to|cause|be (?:rejected|refused|denied))';

// Explanations.

/** `Tip: …`, `FAQ: …` and the sentence behind it. */
const tip = String.raw`\b(?:[Tt]ip|TIP|[Ff]AQ|[Dd]id you know|[Kk]nown issue|[Ll]earn more)s? ?[:?] ?${restOfSentence}`;

/** `Why does my pod show ErrImagePull?` */
const question = String.raw`\b(?:Why|What|When|How) (?:do|does|did|is|are|can|should) [^.;!?]{1,200}\?(?=\s|$)`;

/** An error that is quoted, or a reason of the platform by its name, and what kind of thing that is. */
const errorByName = String.raw`(?:["'][^"'.;]{3,120}["']|\b(?:ImagePullBackOff|ErrImagePull|ImagePullUnauthorized|ImagePullFailure)\b["']?)(?: (?:errors?|status|state|events?|condition|reason|response|message))?`;

/** `can mean …`, `usually occurs …` and the rest of that sentence. */
const itsMeaning = String.raw` (?:(?:can |could |may |might )?(?:usually |often |typically |generally |normally |commonly |mostly |always |also |only )?)(?:means|indicates|suggests|occurs|happens|appears|mean|indicate|suggest|occur|happen|appear)\b${restOfSentence}`;

// Queries and rules of alerts.

/** Prometheus: a label that is compared with a pattern. */
const labelMatch = String.raw`=~ ?["'][^"']{0,300}["']`;

/** Prometheus: a series that is compared with a number. */
const threshold = String.raw`\{[^{}]{0,300}\}\)? ?(?:[<>]=?|==|!=) ?\d`;

/** Log Analytics: a condition with the texts that it compares. */
const whereClause = String.raw`\| ?where (?:[^|"']{0,80}["'][^"']{0,200}["']){1,6}`;

/** A program that searches text, its options, and what it searches for. */
const grep = String.raw`\b(?:[ez]?grep|findstr|Select-String) (?:-{1,2}[\w=-]{1,20} ){0,4}(?:["'][^"']{1,200}["']|\S{1,200})`;

const sqlLike = String.raw`\b(?:LIKE|like) ["'][^"']{1,200}["']`;

const jqSelect = String.raw`\bselect\(\.[^)]{1,200}\)`;

// Words of a visitor.

/** The page of a request in an access log. */
const pageAsked = String.raw`/(?<="(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) /)[^" ]{1,2000} (?=HTTP/[12](?:\.[01])?")`;

/** The last two texts in quotes of an access log, behind the status and the size: the page before and the program. */
const refererAndAgent = String.raw` "(?<=" [1-5]\d\d (?:\d{1,12}|-) ")[^"]{0,1000}" "[^"]{0,1000}"`;

/** The same as fields that have a name. */
const agentField = String.raw`\b(?:[Hh]ttp_)?(?:[Uu]ser[-_ ]?[Aa]gent|[Rr]eferr?er)["']?[=:] ?["'][^"']{0,1000}["']`;

// Failures that are over.

/** The state of a failed pull. What makes it one that is over stands before it or behind it. */
const stateOfFailedPull = String.raw`\b(?:ImagePullBackOff|ErrImagePull)\b`;

/** `no longer in …`, `changed from …`, `[RESOLVED] …` before the state: looked for backwards from its end. */
const leftBefore = String.raw`(?<=\b(?:[Nn]o longer|[Rr]ecovered from|[Cc]hanged from|[Ww]ent from|[Mm]oved from|[Tt]ransition(?:ed)? from|[Oo]ut of|[Nn]o|[Ww]ithout) (?:in |is in |an? |state |status |pods? (?:are )?in |more )?["'(]{0,2}\w{12,16}|\[RESOLVED\] .{0,120})`;

/** `-> Running` behind it. */
const nextState = String.raw`["')]{0,2} ?(?:->|=>|\u2192|to) ?["'(]{0,2}(?:Running|Ready|Completed|Succeeded|ContainerCreating|Pulled)\b`;

/** `… was resolved` behind it. */
const saidToBeOver = String.raw`["')]{0,2},? (?:is |was |has |has been |alert )?(?:resolved|cleared|over|ended|gone)\b`;

/**
 * Taken out of a text that otherwise says that a pull failed; what is left decides. A supposition ends where its sentence ends, at a colon, and
 * where another row begins (`Failed to pull image …`), so that the failure beside it is not lost.
 */
export const hearsay: readonly Row[] = [
  {
    name: 'attempts-before-success',
    means: 'pullers that try again: an image was pulled in the end; they add how the attempts before it failed',
    pattern: made(
      pullSucceeded,
      notDenied,
      whatWasPulled,
      `${oneOf(attemptsInBrackets, afterAttempts, earlierAttempt)}{1,3}`,
    ),
  },
  {
    name: 'condition',
    means:
      'documentation, alerts, tools: what to do if a pull fails, or what may follow; no pull is said to have failed',
    pattern: made(String.raw`\b`, oneOf(...supposition, ...advice, consequence), ' ', restOfSentence),
  },
  {
    name: 'explanation',
    means: 'documentation, help pages, tips: what an error means where it occurs',
    pattern: made(oneOf(tip, question, errorByName + itsMeaning)),
  },
  {
    name: 'query',
    means:
      'Prometheus, Log Analytics, SQL, grep, jq: the text of a query or of the rule of an alert, which names what it looks for',
    pattern: made(oneOf(labelMatch, threshold, whereClause, grep, sqlLike, jqSelect)),
  },
  {
    name: 'words-of-visitor',
    means:
      'nginx, Apache and other web servers: the address, the page and the program that a visitor claims, who may write anything there',
    pattern: made(oneOf(pageAsked, refererAndAgent, agentField)),
  },
  {
    name: 'failure-that-is-over',
    means: 'Kubernetes tools, alerts: a container is no longer in the state of a failed pull',
    pattern: made(stateOfFailedPull, oneOf(leftBefore, nextState, saidToBeOver)),
  },
];
