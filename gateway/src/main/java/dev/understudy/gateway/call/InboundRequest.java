package dev.understudy.gateway.call;

import dev.understudy.gateway.config.Api;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.multipart.MultipartForm;
import dev.understudy.protocol.translate.CallerRequest;
import java.util.Map;
import java.util.Optional;

/**
 * What a caller sent, before it is read.
 *
 * @param api in which it asks
 * @param model where the address names it; empty where the body does
 * @param stream whether the address asks for a stream; where the body says so, that counts
 * @param contentType of the body, as the caller calls it; empty if it does not
 * @param headers those of the caller's that go with the request to a target that has the same API
 * @param body as it came
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, and compared by nobody.
public record InboundRequest(
        Api api, Optional<String> model, boolean stream, String contentType, Map<String, String> headers, byte[] body) {

    private boolean isForm() {
        return !api.isConversation() && MultipartForm.is(contentType);
    }

    /** The content type with which it goes on: JSON, whatever it is called, unless it is a form. */
    CharSequence forwardedType() {
        return isForm() ? contentType : WholeAnswer.JSON;
    }

    /** @throws BadRequest if it cannot be understood */
    CallerRequest request() throws BadRequest {
        if (isForm()) {
            return CallerRequest.read(api.dialect(), MultipartForm.read(contentType, body));
        }
        return model.isEmpty()
                ? CallerRequest.read(api.dialect(), body)
                : CallerRequest.read(api.dialect(), body, model.get(), stream);
    }
}
