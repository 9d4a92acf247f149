/** Models that take prompts and files: whatever is posted to these hosts may end in a prompt. */
import { knownByHost, type Route, type ServiceEntry } from '../service-entry.ts'

/** Where one talks to a model in a page: what the page's address asks is asked at once. */
const CONVERSATIONS: Readonly<Record<string, readonly string[]>> = {
  openai: ['openai.com', '*.openai.com', 'chatgpt.com', '*.chatgpt.com', '*.oaiusercontent.com', '*.openai.azure.com'],
  anthropic: ['anthropic.com', '*.anthropic.com', 'claude.ai', '*.claude.ai', 'claude.com', '*.claude.com'],
  'google-gemini': [
    'gemini.google.com',
    'aistudio.google.com',
    'generativelanguage.googleapis.com',
    'notebooklm.google.com',
  ],
  'microsoft-copilot': ['copilot.microsoft.com', '*.copilot.microsoft.com'],
  mistral: ['mistral.ai', '*.mistral.ai'],
  deepseek: ['deepseek.com', '*.deepseek.com'],
  xai: ['x.ai', '*.x.ai', 'grok.com', '*.grok.com'],
  perplexity: ['perplexity.ai', '*.perplexity.ai'],
  poe: ['poe.com', '*.poe.com'],
  'meta-ai': ['meta.ai', '*.meta.ai'],
  cursor: ['cursor.com', '*.cursor.com', '*.cursor.sh'],
  qwen: ['chat.qwen.ai', '*.qwen.ai'],
  kimi: ['kimi.com', '*.kimi.com', 'api.moonshot.ai', 'api.moonshot.cn'],
  devin: ['devin.ai', '*.devin.ai'],
  'app-builders': ['v0.dev', 'v0.app', 'bolt.new', 'lovable.dev', '*.lovable.dev'],
  'character-ai': ['character.ai', '*.character.ai'],
  you: ['you.com', '*.you.com'],
  phind: ['phind.com', '*.phind.com'],
  blackbox: ['blackbox.ai', '*.blackbox.ai'],
  duck: ['duck.ai'],
  arena: ['lmarena.ai', '*.lmarena.ai'],
  zhipu: ['z.ai', '*.z.ai', 'chatglm.cn', '*.bigmodel.cn'],
  doubao: ['doubao.com', '*.doubao.com', 'ark.cn-beijing.volces.com'],
  minimax: ['minimax.io', '*.minimax.io', '*.minimaxi.com'],
}

/** APIs, editors and catalogues of models: a question in the address of one of these is a search. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  'github-copilot': ['*.githubcopilot.com', 'githubcopilot.com', 'copilot-proxy.githubusercontent.com'],
  groq: ['groq.com', '*.groq.com'],
  openrouter: ['openrouter.ai', '*.openrouter.ai'],
  cohere: ['cohere.com', '*.cohere.com', '*.cohere.ai'],
  together: ['together.ai', '*.together.ai', '*.together.xyz'],
  replicate: ['replicate.com', '*.replicate.com'],
  codeium: ['codeium.com', '*.codeium.com', 'windsurf.com', '*.windsurf.com'],
  'google-code-assist': ['cloudcode-pa.googleapis.com', 'aiplatform.googleapis.com', 'jules.google.com'],
  'amazon-q': ['codewhisperer.us-east-1.amazonaws.com', 'q.us-east-1.amazonaws.com', 'kiro.dev', '*.kiro.dev'],
  'azure-ai': ['*.services.ai.azure.com', '*.inference.ai.azure.com', '*.cognitiveservices.azure.com'],
  'github-models': ['models.github.ai'],
  'jetbrains-ai': ['*.jetbrains.ai'],
  tabnine: ['tabnine.com', '*.tabnine.com'],
  sourcegraph: ['sourcegraph.com', '*.sourcegraph.com', 'ampcode.com', '*.ampcode.com'],
  augment: ['augmentcode.com', '*.augmentcode.com'],
  zed: ['zed.dev', '*.zed.dev'],
  supermaven: ['supermaven.com', '*.supermaven.com'],
  trae: ['trae.ai', '*.trae.ai'],
  cerebras: ['cerebras.ai', '*.cerebras.ai'],
  fireworks: ['fireworks.ai', '*.fireworks.ai'],
  nvidia: ['integrate.api.nvidia.com', 'build.nvidia.com'],
  ollama: ['ollama.com', '*.ollama.com'],
  grammarly: ['grammarly.com', '*.grammarly.com', '*.grammarly.io'],
  deepl: ['deepl.com', '*.deepl.com'],
}

const PROMPTS: readonly Route[] = [{ methods: ['POST', 'PUT'], path: '/**', operation: 'ai-prompt' }]

const ASKED_BY_ADDRESS = ['q', 'query', 'prompt', 'text', 'message'].map(
  (name): Route => ({ methods: ['GET'], path: '/**', operation: 'ai-prompt', query: { [name]: true } }),
)

export const AI: readonly ServiceEntry[] = [
  ...knownByHost('ai', CONVERSATIONS, [...PROMPTS, ...ASKED_BY_ADDRESS]),
  ...knownByHost('ai', OTHERS, PROMPTS),
]
