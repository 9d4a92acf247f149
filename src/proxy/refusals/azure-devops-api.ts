/** The error object of Azure DevOps (a wrapped exception): az and the web pages print its `message`. */
import { type RefusalForm, renderJson, sentenceOf } from './form.ts'

export const azureDevopsApiForm: RefusalForm = {
  id: 'azure-devops-api',
  render(refusal, { kind, target }) {
    if (kind !== 'azure-devops' || !/\/_apis\//i.test(target)) return null
    return renderJson(refusal.status, {
      $id: '1',
      innerException: null,
      message: sentenceOf(refusal),
      typeName: 'Weir.RefusedException, Weir',
      typeKey: 'RefusedException',
      errorCode: 0,
      eventId: 0,
    })
  },
}
