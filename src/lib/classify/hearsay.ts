// Words about a pull that a text does not claim: it quotes them, supposes them, advises about them, or says that they are over.
import type { Row } from './context.ts';

/**
 * Taken out of a text that otherwise says that a pull failed; what is left decides. A supposition ends where its sentence ends, at a colon, and
 * where another row begins (`Failed to pull image …`), so that the failure beside it is not lost.
 */
export const hearsay: readonly Row[] = [
  {
    name: 'attempts-before-success',
    means: 'pullers that try again: an image was pulled in the end; they add how the attempts before it failed',
    pattern:
      /\b[Pp]ull(?:ed(?! \d{1,6} ?(?:of|\/|out of))|(?:ing)?(?: of)?(?: [^\s;()]{1,300}){0,3}? (?:has |is |was )?(?:now )?(?:succeeded|successful|completed?))\b(?<!(?:\b(?:[Nn]o|[Nn]ot|[Nn]ever|[Nn]one|[Cc]annot|[Uu]nable|[Ff]ailed|[Ff]ailure|[Bb]e|[Bb]efore|[Uu]ntil)\b|n't\b)[^.;(]{0,80})(?: (?!(?:after|although|though|despite|because|on)\b)[^\s;()]{1,300}){0,8}?(?: ?\((?=[^)]{0,160}\b(?:attempts?|retr(?:y|ies|ied)|tr(?:y|ies|ied)|errors?|fail(?:ed|ures?)|previous(?:ly)?|earlier|before|initial(?:ly)?)\b)(?:[^()]|\([^()]{0,200}\)){0,500}\)|,? (?:after|although|though|despite|because|on (?:the )?(?:[\w#-]{1,12} ){0,2}(?:attempt|retry|try))\b(?:\((?:[^()]|\([^()]{0,200}\)){0,500}\)|(?!(?:Failed|FAILED|Error|ERROR|Unable|Warning|WARN|Back-off|Cannot|Could|FATA)\b)(?:[^.;]|\.(?=\S)|;(?![^;]{0,80}\b[Pp]ull))){0,300}|[,;:.]? (?:but |with )?(?:[Tt]he |[Ii]ts )?(?:[Ll]ast|[Pp]revious|[Ee]arlier|[Ff]irst|[Pp]rior|[Ii]nitial|[Ff]ormer) (?:\w{1,15} ){0,2}?(?:errors?|attempts?|failures?|try|tries|retry)\b(?:\((?:[^()]|\([^()]{0,200}\)){0,500}\)|(?!(?:Failed|FAILED|Error|ERROR|Unable|Warning|WARN|Back-off|Cannot|Could|FATA)\b)(?:[^.;]|\.(?=\S)|;(?![^;]{0,80}\b[Pp]ull))){0,300}){1,3}/,
  },
  {
    name: 'condition',
    means:
      'documentation, alerts, tools: what to do if a pull fails, or what may follow; no pull is said to have failed',
    pattern:
      /\b(?:[Ii]f|[Ww]hen(?:ever)? you|[Ii]n case (?:of|you|the)|[Hh]ow to|[Tt]roubleshoot(?:ing)?|(?:[Cc]ommon|[Pp]ossible|[Tt]ypical|[Uu]sual) (?:causes?|reasons?) (?:of|for)|(?<=^|[.;!?] |[Pp]lease )(?:[Cc]heck|[Vv]erify|[Ee]nsure|[Mm]ake sure|[Cc]onfirm|[Ll]ook for|[Ss]earch for|[Ww]atch for)|[Tt]o (?:fix|troubleshoot|avoid|prevent|diagnose|mitigate)|(?:may|might|would|could|can|will) (?:also |then |still |start to |now )?(?:see|show|fail|enter|report|result in|lead to|cause|be (?:rejected|refused|denied))) (?:(?<!\w)"[^"]{1,200}"|(?<!\w)'[^']{1,200}'|(?!(?:Failed|FAILED|Error|ERROR|Unable|Warning|WARN|Back-off|Cannot|Could|FATA)\b)(?:[^.;:!?]|[.:?](?=\S))){1,300}/,
  },
  {
    name: 'explanation',
    means: 'documentation, help pages, tips: what an error means where it occurs',
    pattern:
      /\b(?:[Tt]ip|TIP|[Ff]AQ|[Dd]id you know|[Kk]nown issue|[Ll]earn more)s? ?[:?] ?(?:(?<!\w)"[^"]{1,200}"|(?<!\w)'[^']{1,200}'|(?!(?:Failed|FAILED|Error|ERROR|Unable|Warning|WARN|Back-off|Cannot|Could|FATA)\b)(?:[^.;:!?]|[.:?](?=\S))){1,300}|\b(?:Why|What|When|How) (?:do|does|did|is|are|can|should) [^.;!?]{1,200}\?(?=\s|$)|(?:["'][^"'.;]{3,120}["']|\b(?:ImagePullBackOff|ErrImagePull|ImagePullUnauthorized|ImagePullFailure)\b["']?)(?: (?:errors?|status|state|events?|condition|reason|response|message))? (?:(?:can |could |may |might )?(?:usually |often |typically |generally |normally |commonly |mostly |always |also |only )?)(?:means|indicates|suggests|occurs|happens|appears|mean|indicate|suggest|occur|happen|appear)\b(?:(?<!\w)"[^"]{1,200}"|(?<!\w)'[^']{1,200}'|(?!(?:Failed|FAILED|Error|ERROR|Unable|Warning|WARN|Back-off|Cannot|Could|FATA)\b)(?:[^.;:!?]|[.:?](?=\S))){1,300}/,
  },
  {
    name: 'query',
    means:
      'Prometheus, Log Analytics, SQL, grep, jq: the text of a query or of the rule of an alert, which names what it looks for',
    pattern:
      /=~ ?["'][^"']{0,300}["']|\{[^{}]{0,300}\}\)? ?(?:[<>]=?|==|!=) ?\d|\| ?where (?:[^|"']{0,80}["'][^"']{0,200}["']){1,6}|\b(?:[ez]?grep|findstr|Select-String) (?:-{1,2}[\w=-]{1,20} ){0,4}(?:["'][^"']{1,200}["']|\S{1,200})|\b(?:LIKE|like) ["'][^"']{1,200}["']|\bselect\(\.[^)]{1,200}\)/,
  },
  {
    name: 'words-of-visitor',
    means:
      'nginx, Apache and other web servers: the address, the page and the program that a visitor claims, who may write anything there',
    pattern:
      /\/(?<="(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \/)[^" ]{1,2000} (?=HTTP\/[12](?:\.[01])?")| "(?<=" [1-5]\d\d (?:\d{1,12}|-) ")[^"]{0,1000}" "[^"]{0,1000}"|\b(?:[Hh]ttp_)?(?:[Uu]ser[-_ ]?[Aa]gent|[Rr]eferr?er)["']?[=:] ?["'][^"']{0,1000}["']/,
  },
  {
    name: 'failure-that-is-over',
    means: 'Kubernetes tools, alerts: a container is no longer in the state of a failed pull',
    pattern:
      /\b(?:ImagePullBackOff|ErrImagePull)\b(?:(?<=\b(?:[Nn]o longer|[Rr]ecovered from|[Cc]hanged from|[Ww]ent from|[Mm]oved from|[Tt]ransition(?:ed)? from|[Oo]ut of|[Nn]o|[Ww]ithout) (?:in |is in |an? |state |status |pods? (?:are )?in |more )?["'(]{0,2}\w{12,16}|\[RESOLVED\] .{0,120})|["')]{0,2} ?(?:->|=>|\u2192|to) ?["'(]{0,2}(?:Running|Ready|Completed|Succeeded|ContainerCreating|Pulled)\b|["')]{0,2},? (?:is |was |has |has been |alert )?(?:resolved|cleared|over|ended|gone)\b)/,
  },
];
