/** Models that take prompts and files: whatever is posted to these hosts may end in a prompt. */
import { knownByHost, type ServiceEntry } from '../service-entry.ts'

export const AI: readonly ServiceEntry[] = knownByHost(
  'ai',
  {
    openai: [
      'openai.com',
      '*.openai.com',
      'chatgpt.com',
      '*.chatgpt.com',
      '*.oaiusercontent.com',
      '*.openai.azure.com',
    ],
    anthropic: ['anthropic.com', '*.anthropic.com', 'claude.ai', '*.claude.ai', 'claude.com', '*.claude.com'],
    'google-gemini': [
      'gemini.google.com',
      'aistudio.google.com',
      'generativelanguage.googleapis.com',
      'notebooklm.google.com',
    ],
    'github-copilot': ['*.githubcopilot.com', 'githubcopilot.com', 'copilot-proxy.githubusercontent.com'],
    'microsoft-copilot': ['copilot.microsoft.com', '*.copilot.microsoft.com'],
    mistral: ['mistral.ai', '*.mistral.ai'],
    deepseek: ['deepseek.com', '*.deepseek.com'],
    xai: ['x.ai', '*.x.ai', 'grok.com', '*.grok.com'],
    perplexity: ['perplexity.ai', '*.perplexity.ai'],
    groq: ['groq.com', '*.groq.com'],
    openrouter: ['openrouter.ai', '*.openrouter.ai'],
    cohere: ['cohere.com', '*.cohere.com', '*.cohere.ai'],
    together: ['together.ai', '*.together.ai', '*.together.xyz'],
    replicate: ['replicate.com', '*.replicate.com'],
    poe: ['poe.com', '*.poe.com'],
    'meta-ai': ['meta.ai', '*.meta.ai'],
    cursor: ['cursor.com', '*.cursor.com', '*.cursor.sh'],
    codeium: ['codeium.com', '*.codeium.com', 'windsurf.com', '*.windsurf.com'],
    qwen: ['chat.qwen.ai', '*.qwen.ai'],
    kimi: ['kimi.com', '*.kimi.com', 'api.moonshot.ai', 'api.moonshot.cn'],
    deepl: ['deepl.com', '*.deepl.com'],
  },
  [{ methods: ['POST', 'PUT'], path: '/**', operation: 'ai-prompt' }],
)
