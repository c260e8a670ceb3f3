<?xml version="1.0" encoding="UTF-8"?>
<!-- What the cells of a tenant show: ring, admin, source state, contracts. The context is a tenant (or a customer
     header) with the children status, admin, source, contracts. Each leads to a page of its own; the script
     opens it in place. Visible text is part of each accessible name. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template name="status-cell">
	<xsl:choose>
		<xsl:when test="t:status/@total and not(t:status/@complete)">
			<a class="ring" href="{$base}customers/{@id}/onboarding">
				<span class="vh">Onboarding: <xsl:value-of select="t:status/@done"/> of <xsl:value-of select="t:status/@total"/> tasks done</span>
				<xsl:for-each select="t:status"><xsl:call-template name="ring"/></xsl:for-each>
				<span aria-hidden="true"><xsl:value-of select="t:status/@done"/>/<xsl:value-of select="t:status/@total"/></span>
			</a>
		</xsl:when>
		<xsl:otherwise><span class="dash">---</span></xsl:otherwise>
	</xsl:choose>
</xsl:template>

<!-- The circle alone, from @done and @total; the path is as long as there are tasks. -->
<xsl:template name="ring">
	<svg viewBox="0 0 24 24" aria-hidden="true">
		<circle cx="12" cy="12" r="9"/>
		<xsl:if test="@done &gt; 0"><path d="M12 3a9 9 0 0 1 0 18 9 9 0 0 1 0-18" pathLength="{@total}" stroke-dasharray="{@done} {@total}"/></xsl:if>
	</svg>
</xsl:template>

<xsl:template name="admin-cell">
	<xsl:choose>
		<xsl:when test="t:admin">
			<bdi><xsl:value-of select="t:admin/@name"/></bdi>
			<xsl:if test="t:admin/@pending"><xsl:text> </xsl:text><span class="tag">Pending</span></xsl:if>
		</xsl:when>
		<xsl:otherwise><span class="dash">---</span></xsl:otherwise>
	</xsl:choose>
</xsl:template>

<xsl:template name="source-cell">
	<a class="state {t:source/@state}" href="{$base}customers/{@id}/health">
		<span class="vh">Source data: </span>
		<xsl:for-each select="t:source"><xsl:call-template name="state-word"/></xsl:for-each>
	</a>
</xsl:template>

<xsl:template name="contracts-cell">
	<xsl:choose>
		<xsl:when test="t:contracts/@text"><a class="sum" href="{$base}customers/{@id}/contracts/summary"><xsl:value-of select="t:contracts/@text"/></a></xsl:when>
		<xsl:otherwise><span class="dash">---</span></xsl:otherwise>
	</xsl:choose>
</xsl:template>
</xsl:stylesheet>
