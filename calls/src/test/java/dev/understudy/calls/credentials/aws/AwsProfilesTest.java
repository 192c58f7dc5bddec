package dev.understudy.calls.credentials.aws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AwsProfilesTest {
    private static final AwsProfiles PROFILES = AwsProfiles.of("""
            # comment
            [default]
            region = eu-west-1
            s3 =
              max_concurrent_requests = 20
            [profile dev]
            ROLE_ARN=arn:aws:iam::1:role/x ; comment
            source_profile = default
            [sso-session corp]
            region = us-west-2
            [broken
            region = nowhere
            """, """
            [default]
            aws_access_key_id = AK1
            aws_secret_access_key = a+b/#=c
            [dev]
            region=us-east-2
            nonsense
            """);

    @Test
    void bothFilesMakeOneProfile() {
        assertThat(PROFILES.get("default", "region")).contains("eu-west-1");
        assertThat(PROFILES.keys("default")).contains(AwsCredentials.lasting("AK1", "a+b/#=c", ""));
        assertThat(PROFILES.get("dev", "role_arn")).contains("arn:aws:iam::1:role/x");
        assertThat(PROFILES.get("dev", "region")).contains("us-east-2");
    }

    @Test
    void sectionsThatAreNoProfilesAreIgnored() {
        assertThat(PROFILES.has("corp")).isFalse();
        assertThat(PROFILES.has("sso-session corp")).isFalse();
        assertThat(PROFILES.get("default", "max_concurrent_requests")).isEmpty();
        assertThat(PROFILES.get("default", "s3")).isEmpty();
        assertThat(PROFILES.keys("dev")).isEmpty();
        assertThat(PROFILES.keys("unknown")).isEmpty();
    }
}
