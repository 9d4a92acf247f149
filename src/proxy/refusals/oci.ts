/** The error list of an image registry (OCI Distribution Specification, "Error Codes"): docker, podman, skopeo and oras print it. */
import { type RefusalForm, renderJson, sentenceOf } from './form.ts'

const PATH = /^\/v2\/(?:$|\?|_catalog\b|.+\/(?:manifests|blobs|tags|referrers)\/)/

export const ociForm: RefusalForm = {
  id: 'oci',
  render(refusal, { target }) {
    if (!PATH.test(target)) return null
    const code = refusal.status < 500 ? 'DENIED' : 'UNAVAILABLE'
    const error = { code, message: sentenceOf(refusal), detail: { event: refusal.eventId } }
    return renderJson(refusal.status, { errors: [error] })
  },
}
