/**
 * A certificate for localhost that nobody vouches for, and its key; valid until 2126. Only for tests: an output that talks
 * to a server with it does not verify certificates. Made with
 * openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=localhost -addext subjectAltName=…
 */
export const untrustedCertificate = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUYurG35ONiPoAIY5q9ZC4V/M6HIIwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjA2MTMwMVoYDzIxMjYxMDI5
MDYxMzAxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQItdHe2C9T4WDletXTGE7RlShZIUEChPRQ+4kYcZn+ybp4cnj1Tn4l
bOu4YrEhbxcbuCznUoI1JiTQk3m1f4gdo28wbTAdBgNVHQ4EFgQUicMYqE6cZtXY
0lC3cGCZggcDngswHwYDVR0jBBgwFoAUicMYqE6cZtXY0lC3cGCZggcDngswDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgd1tIOFTfBT+JtE39AtxoNZwUjEzoafnh47LVZpu6WwYCIQD9
vnS7wtgj1g3gbRcHgkimGRRJg/wzayD26GizUItEeQ==
-----END CERTIFICATE-----
`

export const untrustedKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgYN7qep1/V4ICZDhd
FN5p9Iyt4CF6xyGvTqv7byENBBmhRANCAAQItdHe2C9T4WDletXTGE7RlShZIUEC
hPRQ+4kYcZn+ybp4cnj1Tn4lbOu4YrEhbxcbuCznUoI1JiTQk3m1f4gd
-----END PRIVATE KEY-----
`
