/** Credentials of services that run models. */
import { credential, secret } from './credential.ts'

export const AI = [
  credential(
    'openai-api-key',
    [
      secret(
        'OPENAI_API_KEY OPENAI_KEY',
        'sk-proj-%w74%T3BlbkFJ%w74%',
        'sk-%a20%T3BlbkFJ%a20%',
        'sk-svcacct-%w58%T3BlbkFJ%w58%',
      ),
    ],
    "client = OpenAI(api_key='{0}')",
    'curl https://api.openai.com/v1/models -H "Authorization: Bearer {0}"',
    "openai.api_key = '{0}'",
  ),
  credential(
    'anthropic-api-key',
    [secret('ANTHROPIC_API_KEY CLAUDE_API_KEY', 'sk-ant-api03-%w93%AA', 'sk-ant-admin01-%w93%AA')],
    "client = anthropic.Anthropic(api_key='{0}')",
    'curl https://api.anthropic.com/v1/messages -H "x-api-key: {0}"',
  ),
  credential(
    'hugging-face-token',
    [secret('HF_TOKEN HUGGINGFACE_TOKEN HUGGING_FACE_HUB_TOKEN', 'hf_%a34%')],
    'huggingface-cli login --token {0}',
    "login(token='{0}')",
  ),
  credential('groq-api-key', [secret('GROQ_API_KEY', 'gsk_%a20%WGdyb3FY%a24%')]),
  credential('replicate-token', [secret('REPLICATE_API_TOKEN', 'r8_%a37%')]),
  credential('xai-api-key', [secret('XAI_API_KEY', 'xai-%a80%')]),
  credential('perplexity-api-key', [secret('PERPLEXITY_API_KEY PPLX_API_KEY', 'pplx-%a48%')]),
  credential('openrouter-api-key', [secret('OPENROUTER_API_KEY', 'sk-or-v1-%h64%')]),
  credential('cohere-api-key', [secret('COHERE_API_KEY CO_API_KEY', '%a40%')], "co = cohere.Client('{0}')"),
  credential('mistral-api-key', [secret('MISTRAL_API_KEY', '%a32%')]),
  credential('deepseek-api-key', [secret('DEEPSEEK_API_KEY', 'sk-%h32%')]),
  credential(
    'elevenlabs-api-key',
    [secret('ELEVENLABS_API_KEY XI_API_KEY', 'sk_%h48%')],
    'curl -H "xi-api-key: {0}" https://api.elevenlabs.io/v1/voices',
  ),
  credential('langsmith-api-key', [
    secret('LANGSMITH_API_KEY LANGCHAIN_API_KEY', 'lsv2_pt_%h32%_%h10%', 'lsv2_sk_%h32%_%h10%'),
  ]),
  credential(
    'pinecone-api-key',
    [secret('PINECONE_API_KEY', 'pcsk_%a5%_%a63%', '%uuid%')],
    "pc = Pinecone(api_key='{0}')",
  ),
  credential('wandb-api-key', [secret('WANDB_API_KEY', '%h40%')], 'wandb login {0}'),
]
