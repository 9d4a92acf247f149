/** The errors of AWS services other than S3 (Smithy, "AWS protocols"): JSON, or XML for those that are asked by a form. */
import { type RefusalForm, renderJson, sentenceOf } from './form.ts'
import { escapeXml, renderXml } from './xml.ts'

export const awsApiForm: RefusalForm = {
  id: 'aws-api',
  render(refusal, { signedFor, contentType }) {
    if (signedFor === null || signedFor === 's3') return null
    const message = sentenceOf(refusal)
    if (/^application\/x-www-form-urlencoded\b/i.test(contentType)) {
      const error = `<Error><Type>Sender</Type><Code>AccessDenied</Code><Message>${escapeXml(message)}</Message></Error>`
      const request = `<RequestId>${escapeXml(refusal.eventId)}</RequestId>`
      return renderXml(refusal.status, `<ErrorResponse>${error}${request}</ErrorResponse>`, 'text/xml')
    }
    const code = 'AccessDeniedException'
    const rendered = renderJson(refusal.status, { __type: code, message }, 'application/x-amz-json-1.1')
    return { ...rendered, fields: ['X-Amzn-ErrorType', code] }
  },
}
