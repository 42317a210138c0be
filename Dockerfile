# syntax=docker/dockerfile:1
# One of our programs: docker build --build-arg PROGRAM=api --tag ghcr.io/habit-tracker/api:0.1.0 .
# PROGRAM: api, bot, sender, operator or telegram-simulator. PROFILE: release, or dev for a quick build.

FROM rust:1.95-bookworm AS build
ARG PROGRAM
ARG PROFILE=release
ENV SQLX_OFFLINE=true
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/source/target,sharing=locked \
    cargo build --locked --profile "$PROFILE" --bin "$PROGRAM" \
    && install -D --strip "target/$([ "$PROFILE" = dev ] && echo debug || echo "$PROFILE")/$PROGRAM" "/out/usr/local/bin/$PROGRAM" \
    # the shell-less image below needs one name that does not depend on PROGRAM
    && ln -s "$PROGRAM" /out/usr/local/bin/program

# glibc, libgcc, certificates, zones; user 65532, no shell
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /out/ /
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/program"]
