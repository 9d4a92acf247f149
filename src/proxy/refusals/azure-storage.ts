/** The error document of Azure Storage, and its code as a field ("Status and error codes"): az, azcopy and rclone print it. */
import { type RefusalForm, sentenceOf } from './form.ts'
import { escapeXml, renderXml } from './xml.ts'

export const azureStorageForm: RefusalForm = {
  id: 'azure-storage',
  render(refusal, { service, host }) {
    if (service !== 'azure-storage' && !/\.(?:blob|file|queue|table|dfs)\.core\.windows\.net$/.test(host)) return null
    const { status } = refusal
    const code = status === 413 ? 'RequestBodyTooLarge' : status < 500 ? 'AuthorizationFailure' : 'ServerBusy'
    const message = `<Message>${escapeXml(sentenceOf(refusal))}</Message>`
    return {
      ...renderXml(status, `<Error><Code>${code}</Code>${message}</Error>`),
      fields: ['x-ms-error-code', code],
    }
  },
}
